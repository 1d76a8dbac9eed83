//! The sample's primary and a second server like it, each easy to edit.

use super::files::Files;
use super::second::second_server;
use super::{Compared, sample};
use tempfile::TempDir;

/// Text by which a file of an export is known.
pub const FABRIKAM: &str = "<name>fabrikam.com</name>";
pub const CONTOSO: &str = "<name>contoso.com</name>";
pub const ENTRA: &str = "<name>contoso.onmicrosoft.com - AAD</name>";
pub const METAVERSE: &str = "<mv-data>";

/// Two servers without any drift.
#[derive(Debug, Clone)]
pub struct Twins {
    pub primary: Files,
    pub staging: Files,
}

impl Twins {
    pub fn of_sample() -> Twins {
        let primary = Files::read(&sample("primary"));
        let staging = second_server(&primary);
        Twins { primary, staging }
    }

    /// Edits one file of each server.
    pub fn on_both(&mut self, known_by: &str, edit: impl Fn(&str) -> String) {
        on(&mut self.primary, known_by, &edit);
        on(&mut self.staging, known_by, &edit);
    }

    pub fn compare(&self) -> Compared {
        let folder = TempDir::new().expect("a folder");
        let (left, right) = (folder.path().join("primary"), folder.path().join("staging"));
        self.primary.write(&left);
        self.staging.write(&right);
        super::compare(&left, &right)
    }

    /// The roles exchanged.
    pub fn swapped(&self) -> Compared {
        let mut swapped = Twins {
            primary: self.staging.clone(),
            staging: self.primary.clone(),
        };
        // Staging mode goes with the role.
        on(&mut swapped.primary, METAVERSE, |text| mode(text, "False"));
        on(&mut swapped.staging, METAVERSE, |text| mode(text, "True"));
        swapped.compare()
    }
}

fn mode(text: &str, to: &str) -> String {
    parameter(text, "Microsoft.Synchronize.StagingMode", to)
}

/// Edits the file that holds a text; an edit must change it.
pub fn on(files: &mut Files, known_by: &str, edit: impl Fn(&str) -> String) {
    let mut found = files.texts.values_mut().filter(|text| text.contains(known_by));
    let text = found.next().unwrap_or_else(|| panic!("no file with {known_by}"));
    let edited = edit(text);
    assert_ne!(*text, edited, "nothing was edited");
    *text = edited;
}

/// The text with a piece replaced, once; the piece must be there.
pub fn swap(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "no {from}");
    text.replacen(from, to, 1)
}

/// The text without what stands from one piece to the end of another.
pub fn cut(text: &str, from: &str, to: &str) -> String {
    let start = text.find(from).unwrap_or_else(|| panic!("no {from}"));
    let end = start + text[start..].find(to).unwrap_or_else(|| panic!("no {to}")) + to.len();
    format!("{}{}", &text[..start], &text[end..])
}

/// The text with another value of a parameter.
pub fn parameter(text: &str, name: &str, to: &str) -> String {
    let start = text
        .find(&format!("<parameter name=\"{name}\""))
        .unwrap_or_else(|| panic!("no parameter {name}"));
    let from = start + text[start..].find('>').expect("a tag") + 1;
    let until = from + text[from..].find('<').expect("a value");
    format!("{}{to}{}", &text[..from], &text[until..])
}

/// The schema without the attribute of this name, whatever its number, and without what points to it.
pub fn without_attribute(text: &str, name: &str) -> String {
    let at = text.find(&format!("name>{name}</")).expect("the attribute's name");
    let start = text[..at]
        .rfind("<attribute-type")
        .or_else(|| text[..at].rfind("<dsml:attribute-type"));
    let start = start.expect("an attribute");
    let id = text[start..]
        .split("id=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("an id");
    let mut text = cut(text, &text[start..at], "attribute-type>");
    let reference = format!("ref=\"#{id}\"");
    while let Some(at) = text.find(&reference) {
        let start = text[..at].rfind('<').expect("a tag");
        let end = at + text[at..].find("/>").expect("its end") + 2;
        text.replace_range(start..end, "");
    }
    text
}

/// The schema with one more attribute.
pub fn with_attribute(text: &str, name: &str) -> String {
    let prefix = if text.contains("</dsml:directory-schema>") {
        "dsml:"
    } else {
        ""
    };
    let end = format!("</{prefix}directory-schema>");
    let attribute = format!(
        "<{prefix}attribute-type id=\"{name}\" single-value=\"true\"><{prefix}name>{name}</{prefix}name>\
         <{prefix}syntax>1.3.6.1.4.1.1466.115.121.1.15</{prefix}syntax></{prefix}attribute-type>{end}"
    );
    swap(text, &end, &attribute)
}
