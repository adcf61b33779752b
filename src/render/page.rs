//! Pages in HTML: templates that escape what they are given, and the policy that lets nothing run but the page's own style and script.
//!
//! In:  templates, a style, a script; then values. Out: HTML that loads nothing. Acting characters of a text are spelled out before it
//! is escaped, so that none reaches a page.

use std::io::{self, Write};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, escape_formatter};
use sha2::{Digest, Sha256};

use crate::escape::shown;

/// The templates of one kind of page.
pub struct PageTemplates(Environment<'static>);

impl PageTemplates {
    /// Loads templates; they find the style, the script and the policy for both under these names.
    pub fn load(
        templates: &[(&'static str, &'static str)],
        style: &'static str,
        script: &'static str,
    ) -> Result<PageTemplates, Error> {
        let mut pages = Environment::new();
        pages.set_auto_escape_callback(|_| AutoEscape::Html);
        pages.set_formatter(|out, state, value| match value.as_str() {
            Some(text) if !value.is_safe() => {
                escape_formatter(out, state, &Value::from(shown(text).as_ref()))
            }
            _ => escape_formatter(out, state, value),
        });
        let ours = [
            ("style", style.to_string()),
            ("script", script.to_string()),
            ("policy", policy(style, script)),
        ];
        for (name, text) in ours {
            pages.add_global(name, Value::from_safe_string(text));
        }
        for (name, source) in templates {
            pages.add_template(name, source)?;
        }
        Ok(PageTemplates(pages))
    }

    /// Writes what a template makes of a value.
    pub fn write(&self, name: &str, context: Value, out: &mut dyn Write) -> io::Result<()> {
        let rendered = self
            .0
            .get_template(name)
            .and_then(|page| page.render(context))
            .map_err(io::Error::other)?;
        out.write_all(rendered.as_bytes())
    }
}

/// Nothing is loaded, nothing sent.
const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'";

fn policy(style: &str, script: &str) -> String {
    let [style, script] = [style, script].map(|text| BASE64_STANDARD.encode(Sha256::digest(text)));
    format!("{NOTHING}; style-src 'sha256-{style}'; script-src 'sha256-{script}'")
}
