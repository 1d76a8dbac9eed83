//! Where a value was read, as SARIF has it: relative to the export of its server.
//!
//! In: places of a finding or gap. Out: locations and the bases that their
//! addresses are relative to. Must not know: messages, rules.

use super::terminal::clean;
use crate::report::{ChangeKind, Finding, GapEntry, Place, Report, Server};
use serde_json::{Map, Value, json};

const PRIMARY: &str = "PRIMARY";
const STAGING: &str = "STAGING";
/// What relative sources are relative to.
const ROOT: &str = "SRCROOT";
/// Locations of a result that GitHub shows.
const MOST: usize = 100;

/// Where a finding's values were read. GitHub refuses a result without a location, so one that was read nowhere has
/// its server's export.
pub fn locations(finding: &Finding, report: &Report) -> Vec<Value> {
    let places = finding.locations.iter().take(MOST).enumerate();
    let mut out: Vec<Value> = places
        .map(|(index, place)| location(&place.file, Some(place.line), None, base(place, index, finding, report)))
        .collect();
    if out.is_empty() {
        let base = match (&finding.server, finding.change) {
            (Some(server), _) => of_server(server, report),
            (None, ChangeKind::Removed) => PRIMARY,
            (None, _) => STAGING,
        };
        out.push(location("", None, None, base));
    }
    for (index, value) in out.iter_mut().enumerate() {
        value["id"] = json!(index);
        value["logicalLocations"] = json!([{
            "name": clean(&finding.object),
            "fullyQualifiedName": clean(&finding.object_path.join(" / "))
        }]);
    }
    out
}

/// Where a gap is, where that is known.
pub fn gap(gap: &GapEntry, report: &Report) -> Option<Value> {
    let file = gap.file.as_ref()?;
    Some(location(file, gap.line, gap.column, of_server(&gap.server, report)))
}

fn location(file: &str, line: Option<u32>, column: Option<u32>, base: &str) -> Value {
    let address = match uri(file.trim_start_matches('/')) {
        empty if empty.is_empty() => ".".to_owned(),
        address => address,
    };
    let mut physical = json!({ "artifactLocation": { "uri": address, "uriBaseId": base } });
    if let Some(line) = line.filter(|line| *line > 0) {
        physical["region"] = json!({ "startLine": line });
        if let Some(column) = column.filter(|column| *column > 0) {
            physical["region"]["startColumn"] = json!(column);
        }
    }
    json!({ "physicalLocation": physical })
}

fn of_server(server: &str, report: &Report) -> &'static str {
    match server == report.primary.server {
        true => PRIMARY,
        false => STAGING,
    }
}

/// Two exports of one server have one name; then the side that has the value decides, else the order.
fn base(place: &Place, index: usize, finding: &Finding, report: &Report) -> &'static str {
    if report.primary.server != report.staging.server {
        return of_server(&place.server, report);
    }
    match finding.change {
        ChangeKind::Added => STAGING,
        ChangeKind::Removed => PRIMARY,
        _ if index == 0 => PRIMARY,
        _ => STAGING,
    }
}

/// The bases of both exports.
pub fn bases(report: &Report) -> Value {
    let mut all = Map::new();
    all.insert(PRIMARY.to_owned(), of_export(&report.primary));
    all.insert(STAGING.to_owned(), of_export(&report.staging));
    let relative = all.values().any(|base| base.get("uriBaseId").is_some());
    if relative {
        let text = "The folder in which the exports were compared.";
        all.insert(ROOT.to_owned(), json!({ "description": { "text": text } }));
    }
    Value::Object(all)
}

/// An absolute folder, or one relative to the folder of work; none where the address would lead out of that.
fn of_export(server: &Server) -> Value {
    let description = json!({ "text": format!("Export of {}.", clean(&server.server)) });
    let source = server.source.replace('\\', "/");
    let segments: Vec<String> = source
        .split('/')
        .filter(|segment| !segment.is_empty() && *segment != ".")
        .map(uri)
        .collect();
    let folder: String = segments.iter().map(|segment| format!("{segment}/")).collect();
    let drive = source.as_bytes().get(1) == Some(&b':');
    if source.split('/').any(|segment| segment == "..") || folder.is_empty() {
        json!({ "description": description })
    } else if drive {
        let folder = folder.replacen("%3A", ":", 1);
        json!({ "uri": format!("file:///{folder}"), "description": description })
    } else if source.starts_with("//") {
        json!({ "uri": format!("file://{folder}"), "description": description })
    } else if source.starts_with('/') {
        json!({ "uri": format!("file:///{folder}"), "description": description })
    } else {
        json!({ "uri": folder, "uriBaseId": ROOT, "description": description })
    }
}

/// A path in which every byte that is not plain is percent-encoded.
pub fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{of_export, uri};
    use crate::report::Server;

    fn base(source: &str) -> (String, bool) {
        let base = of_export(&Server {
            server: "SYNC01".to_owned(),
            version: None,
            exported: None,
            staging_mode: None,
            source: source.to_owned(),
            files: Vec::new(),
        });
        let uri = base["uri"].as_str().unwrap_or("none").to_owned();
        (uri, base.get("uriBaseId").is_some())
    }

    #[test]
    fn every_source_is_an_address() {
        for (source, address, relative) in [
            ("exports/SYNC 01", "exports/SYNC%2001/", true),
            (r".\exports\SYNC01", "exports/SYNC01/", true),
            ("/srv/a", "file:///srv/a/", false),
            (r"C:\a b", "file:///C:/a%20b/", false),
            (r"\\nas\share\a", "file://nas/share/a/", false),
            ("../a", "none", false),
            (".", "none", false),
        ] {
            assert_eq!(base(source), (address.to_owned(), relative), "{source}");
        }
        assert_eq!(uri("a/{ä#?}.xml"), "a/%7B%C3%A4%23%3F%7D.xml");
    }
}
