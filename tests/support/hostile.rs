//! A pair of servers on which whoever may name a thing tried to break the reports: the samples with markup, quotes,
//! templates, formulas, control and bidirectional characters in every name and value that a report shows.

use super::files::Files;
use super::sample;
use super::xml::escape;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// Appended to names of rules, connectors and run profiles.
pub const NAME: &str = " <script>alert(1)</script>\"><img src=x onerror=alert(2)>'\"’“”„‚‛{{{page}}}{{title}}\
                        </style></title></template></textarea><!--]]>";
/// A description of several lines, each of which begins something in Markdown.
pub const LINES: &str = "=HYPERLINK(\"http://evil\";\"x\")\n===\n# head\n- item\n+ item\n1. item\n1) item\n    code\n\tcode\n```\n\
                         ~~~\n> quote\n***\n---\n<details open>\n<!--\n[x]: javascript:alert(3)\n\n\n    code";
/// Appended to values of clauses.
pub const VALUE: &str =
    "|`[x](javascript:alert(4))![y](z)<details><summary>*a* __b__ ~~c~~ &lt;b&gt; \\ $d$\u{202e}\u{85}\u{200b}\u{2066}";
/// Appended to the name of an OU, an attribute and a file.
pub const PLACE: &str = "<img src=x onerror=alert(5)>`*|{{x}}\u{202e}";
/// Name of a server.
pub const SERVER: &str = "SYNC<b onclick=alert(6)>|`{{x}}'’\u{202e}";
/// Name and value of a parameter.
pub const PARAMETER: &str = "@SUM(1)<svg onload=alert(7)>|`'\"{{{x}}}";
/// Reason and owner of an acceptance.
pub const REASON: &str = "-1+<iframe src=javascript:alert(8)>|`*x*\n# head\n- item";

/// The pair and a file of acceptances.
pub struct Hostile {
    pub folder: TempDir,
}

impl Hostile {
    /// Writes both servers and the acceptances.
    pub fn new() -> Hostile {
        let hostile = Hostile {
            folder: TempDir::new().expect("a temporary folder"),
        };
        for (side, number) in [("primary", "01"), ("staging", "02")] {
            let mut files = Files::read(&sample(side));
            spoil(&mut files, number);
            files.write(&hostile.folder.path().join(side));
        }
        // A name that is no name of a Windows file, as a .zip may hold one, and what it holds is not well-formed.
        let broken = format!("staging/SynchronizationRules/rule{PLACE}.xml");
        fs::write(
            hostile.folder.path().join(broken),
            "<synchronizationRule><name>x</nome>",
        )
        .expect("a file");
        let accepted = format!(
            "[[accept]]\nid = \"rule-*\"\nobject = \"*User*\"\nreason = {0}\nowner = {0}\nticket = {0}\nexpires = 2099-01-01\n\
             [[accept]]\nid = \"nothing\"\nobject = {0}\nreason = {0}\nowner = {0}\nexpires = 2099-01-01\n",
            serde_json::Value::from(REASON)
        );
        fs::write(hostile.accepted(), accepted).expect("a file");
        hostile
    }

    pub fn primary(&self) -> PathBuf {
        self.folder.path().join("primary")
    }

    pub fn staging(&self) -> PathBuf {
        self.folder.path().join("staging")
    }

    pub fn accepted(&self) -> PathBuf {
        self.folder.path().join("accepted.toml")
    }

    /// Arguments of a comparison of the two.
    pub fn arguments(&self) -> Vec<String> {
        let path = |path: PathBuf| path.to_str().expect("UTF-8").to_owned();
        let all = [
            "compare".into(),
            path(self.primary()),
            path(self.staging()),
            "--accept".into(),
        ];
        all.into_iter().chain([path(self.accepted())]).collect()
    }
}

/// Escapes for text and for attributes in either kind of quotes.
fn xml(text: &str) -> String {
    escape(text).replace('\'', "&apos;").replace('\n', "&#10;")
}

fn spoil(files: &mut Files, number: &str) {
    let server = xml(&format!("{SERVER}{number}"));
    files.each_text("SynchronizationRules", |text| {
        let text = inside(text, "name", |name| format!("{name}{}", xml(NAME)));
        let text = inside(&text, "description", |text| format!("{text}{}{number}", xml(LINES)));
        let text = inside(&text, "csValue", |value| format!("{value}{}", xml(VALUE)));
        inside(&text, "expression", |text| {
            format!("{text} &amp; \"{}\"", xml(&NAME.replace('"', "")))
        })
    });
    files.each_text("Connectors", |text| {
        let known = [
            "contoso.com",
            "fabrikam.com",
            "contoso.onmicrosoft.com - AAD",
            "Full Import",
            "Delta Import",
            "Export",
        ];
        inside(text, "name", |name| match known.contains(&name) {
            true => format!("{name}{}", xml(NAME)),
            false => name.to_owned(),
        })
    });
    files.each_text("GlobalSettings", |text| {
        let end = "</parameter-values>";
        let parameter = format!(
            "<parameter name=\"{}\" type=\"string\" use=\"SynchronizationGlobal\" dataType=\"String\">{}{number}</parameter>{end}",
            xml(PARAMETER),
            xml(PARAMETER)
        );
        assert!(text.contains(end) && text.contains(&format!("server='SYNC{number}'")));
        text.replace(&format!("server='SYNC{number}'"), &format!("server='{server}'"))
            .replacen(end, &parameter, 1)
    });
    for (path, text) in std::mem::take(&mut files.texts) {
        let mut text = text;
        for name in ["OU=Sales", "extensionAttribute15", "employeeID"] {
            text = text.replace(name, &format!("{name}{}", xml(PLACE)));
        }
        files
            .texts
            .insert(path.replace("SynchronizationRule_", &format!("Rule{PLACE}_")), text);
    }
}

/// Edits the text of every element of a name.
fn inside(text: &str, element: &str, edit: impl Fn(&str) -> String) -> String {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(&open) {
        let (inner, left) = after.split_once(&close).expect("an element's end");
        out.push_str(before);
        out.push_str(&format!("{open}{}{close}", edit(inner)));
        rest = left;
    }
    out + rest
}
