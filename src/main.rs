//! The `sukje` command: parse, run, print the error, exit.

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let document = match args.last() {
        Some(f) if f != "-" && f != "split" => sukje::input::read_file(f.as_ref(), None).unwrap(),
        _ => sukje::input::read_stdin(None).unwrap(),
    };
    match args.get(1).map(String::as_str) {
        Some("split") => {
            for (a, b) in sukje::clean::split(&document.text) {
                println!("{}", &document.text[a..b].split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
        _ => {
            let article = sukje::clean::clean(&document, &Default::default());
            sukje::render::write_json(&article, &mut std::io::stdout()).unwrap();
        }
    }
}
