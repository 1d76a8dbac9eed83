//! Exports whose connectors have partitions with lists of containers.

use super::Compared;
use super::export::{Export, Pair, direct};
use super::traps::{custom, edit, file_with};
use super::xml::leaf;
use std::path::{Path, PathBuf};

/// The domain of most tests.
pub const DOMAIN: &str = "DC=contoso,DC=com";

/// One partition.
#[derive(Debug, Clone)]
pub struct Partition {
    pub name: String,
    pub selected: Option<bool>,
    pub inclusions: Vec<String>,
    pub exclusions: Vec<String>,
}

impl Partition {
    /// A selected partition with these entries: `+` takes in, `-` leaves out; `+` alone is the root.
    pub fn named(name: &str, entries: &[&str]) -> Partition {
        let of = |sign: char| -> Vec<String> {
            let these = entries.iter().filter_map(|entry| entry.strip_prefix(sign));
            these.map(str::to_owned).collect()
        };
        Partition {
            name: name.to_owned(),
            selected: Some(true),
            inclusions: of('+'),
            exclusions: of('-'),
        }
    }

    /// The domain; entries are names below it.
    pub fn domain(entries: &[&str]) -> Partition {
        let full: Vec<String> = entries
            .iter()
            .map(|entry| match entry.split_at(1) {
                (sign, "") => format!("{sign}{DOMAIN}"),
                (sign, below) => format!("{sign}{below},{DOMAIN}"),
            })
            .collect();
        let full: Vec<&str> = full.iter().map(String::as_str).collect();
        Partition::named(DOMAIN, &full)
    }

    /// Selected or not.
    pub fn selected(mut self, selected: bool) -> Partition {
        self.selected = Some(selected);
        self
    }

    fn xml(&self) -> String {
        let list = |name: &str, names: &[String]| names.iter().map(|dn| leaf(name, dn)).collect::<String>();
        let selected = self.selected.map(|yes| leaf("selected", if yes { "1" } else { "0" }));
        format!(
            "<partition><id>{{11111111-1111-1111-1111-111111111111}}</id>{}{}<filter><containers>\n\
             <exclusions>{}</exclusions>\n<inclusions>{}</inclusions>\n</containers></filter></partition>\n",
            leaf("name", &self.name),
            selected.unwrap_or_default(),
            list("exclusion", &self.exclusions),
            list("inclusion", &self.inclusions),
        )
    }
}

/// Two servers that are alike but for the partitions of one connector, told by a text in its file.
pub fn pair_on(connector: &str, primary: &[Partition], staging: &[Partition]) -> Pair {
    let rule = custom("In from AD - Department", 50, "department", "department");
    let export = Export::primary().rule(rule.flow(direct("title", "title")));
    let pair = Pair::of(&export, &Export::staging_of(&export));
    for (folder, partitions) in [(pair.primary(), primary), (pair.staging(), staging)] {
        let all: String = partitions.iter().map(Partition::xml).collect();
        let all = format!("<ma-partition-data>{all}</ma-partition-data></ma-data>");
        edit(&file_with(&folder, "Connectors", connector), "</ma-data>", &all);
    }
    pair
}

/// The same on the connector of the forest.
pub fn pair(primary: &[Partition], staging: &[Partition]) -> Pair {
    pair_on("forest-name", primary, staging)
}

/// Compares the domain with these entries on each server.
pub fn compare(primary: &[&str], staging: &[&str]) -> Compared {
    pair(&[Partition::domain(primary)], &[Partition::domain(staging)]).compare()
}

/// The forest's connector file of an export.
pub fn forest_file(folder: &Path) -> PathBuf {
    file_with(folder, "Connectors", "forest-name")
}

/// `severity id object: primary -> staging` of every finding, the domain's own name left out.
pub fn short(compared: &Compared) -> Vec<String> {
    let word = |value: &serde_json::Value| super::text(value).split(" (").next().unwrap_or_default().to_owned();
    compared
        .findings()
        .iter()
        .map(|f| {
            let object = super::text(&f["object"]).replace(&format!(",{DOMAIN}"), "");
            let (severity, id) = (super::text(&f["severity"]), super::text(&f["id"]));
            format!(
                "{severity} {id} {object}: {} -> {}",
                word(&f["primary"]),
                word(&f["staging"])
            )
        })
        .collect()
}
