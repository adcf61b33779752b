//! `sukje eval` from outside: figures of case folders, and how a wrong folder is told.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

const KO: [&str; 3] = [
    "가람시는 올해 도서관 문을 밤 열 시까지 연다.",
    "전력 요금이 30% 올라 냉방비가 빠듯하다고 시는 설명했다.",
    "지붕에 태양광을 얹어 요금을 줄여야 한다고 사서들은 말한다.",
];
const EN: [&str; 3] = [
    "Harrowby will keep its library open until ten this year.",
    "Electricity costs 30% more and the town says cooling is hard to pay for.",
    "The librarians say the town should put solar panels on the roof.",
];

fn eval(args: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sukje"))
        .arg("eval")
        .args(args)
        .output()
        .expect("the program runs")
}

fn write_case(folder: &Path, id: &str, sentences: [&str; 3]) {
    let gold = json!({
        "id": id, "title": "", "sentences": sentences, "roles": ["context", "evidence", "remedy"], "noise": [],
        "thesis": [2], "key": [0, 1, 2],
        "challenges": {"ecosystem": [], "power": [1, 2], "talent": [], "regulation": [], "speed": []},
    });
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::write(folder.join("input.txt"), sentences.join("\n")).expect("written");
    std::fs::write(folder.join("gold.json"), gold.to_string()).expect("written");
}

#[test]
fn each_case_and_the_mean_are_given() {
    let top = tempfile::tempdir().expect("a folder");
    let folders = [top.path().join("ko"), top.path().join("en")];
    write_case(&folders[0], "own-ko", KO);
    write_case(&folders[1], "own-en", EN);

    let output = eval(&["--json".as_ref(), &folders[0], &folders[1]]);
    assert_eq!(output.status.code(), Some(0));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let ids: Vec<_> = report["cases"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| &row["id"])
        .collect();
    assert_eq!(ids, ["own-ko", "own-en"]);
    assert_eq!(report["mean"]["tiled"], 1.0);
    let mean = |name: &str| report["mean"][name].as_f64().expect("a figure");
    let rows = |name: &str| {
        report["cases"][0][name].as_f64().unwrap() + report["cases"][1][name].as_f64().unwrap()
    };
    assert!((mean("kept") - rows("kept") / 2.0).abs() < 1e-9);

    let table = String::from_utf8(eval(&[&folders[0], &folders[1]]).stdout).expect("UTF-8");
    let firsts: Vec<_> = table
        .lines()
        .map(|line| line.split_whitespace().next().unwrap_or(""))
        .collect();
    assert_eq!(firsts, ["case", "own-ko", "own-en", "mean"]);
}

#[test]
fn a_wrong_folder_is_one_line() {
    let top = tempfile::tempdir().expect("a folder");
    let folder = top.path().join("case");
    for (gold, code) in [(None, 66), (Some("{}"), 65), (Some(r#"{"id": 1}"#), 65)] {
        write_case(&folder, "own", KO);
        std::fs::remove_file(folder.join("gold.json")).expect("removed");
        if let Some(gold) = gold {
            std::fs::write(folder.join("gold.json"), gold).expect("written");
        }
        let output = eval(&[&folder]);
        let errors = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(code), "{errors}");
        assert!(
            output.stdout.is_empty()
                && errors.starts_with("error: ")
                && errors.lines().count() <= 2,
            "{errors}"
        );
    }
}
