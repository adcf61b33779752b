//! Small articles in any number, half Korean, half English, for tests of batches.

/// One of them; each number has its own.
pub fn article(n: usize) -> String {
    match n % 2 {
        0 => format!(
            "솔빛시 {n}구역에 새 다리\n\n솔빛시는 {n}구역에 새 다리를 놓기로 했다. 다리에는 {n}억원이 든다. 전력이 모자라 공사가 늦어질 수 있다. \
             시민들은 소음을 걱정한다. 그래서 규제를 먼저 풀어야 한다.\n"
        ),
        _ => format!(
            "A bridge for ward {n}\n\nThe town will build a bridge in ward {n}. It costs {n} million. \
             There is too little power for the works. Neighbours fear the noise. So the rules must change first.\n"
        ),
    }
}
