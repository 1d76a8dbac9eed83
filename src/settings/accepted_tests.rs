//! `accepted.toml` read: every mistake is refused where it stands.

use super::*;

const GOOD: &str = "[[accept]]\nfingerprint = \"3F9C0A\"\nvalues = \"91BE\"\nreason = \"ours\"\nowner = \"identity team\"\n\
                    ticket = \"CHG-1042\"\nexpires = 2027-03-31\n";

fn parse(text: &str) -> Result<Accepted, SettingsError> {
    Accepted::parse("accepted.toml", text.as_bytes())
}

fn refused(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

#[test]
fn a_complete_entry_is_read() {
    let accepted = parse(GOOD).unwrap();
    let entry = &accepted.entries[0];
    assert_eq!(entry.target, Target::Fingerprint("3f9c0a".to_owned()));
    assert_eq!(entry.values.as_deref(), Some("91be"));
    assert_eq!(entry.ticket.as_deref(), Some("CHG-1042"));
    assert_eq!(entry.expires, Date::constant(2027, 3, 31));
    assert_eq!(entry.line, 1);
    assert_eq!(accepted.sha256.len(), 64);
}

#[test]
fn a_file_without_entries_accepts_nothing() {
    assert!(parse("").unwrap().entries.is_empty());
    assert!(parse("# nothing yet\n").unwrap().entries.is_empty());
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_change_nothing() {
    let text = format!("\u{feff}{}", GOOD.replace('\n', "\r\n"));
    assert_eq!(parse(&text).unwrap().entries, parse(GOOD).unwrap().entries);
    let wrong = refused(&format!("\u{feff}{}", GOOD.replace("\"ours\"", "\"\"")));
    assert!(wrong.starts_with("accepted.toml:4:10: reason is empty"), "{wrong}");
}

#[test]
fn bytes_that_are_no_utf_8_are_refused_with_their_place() {
    let error = Accepted::parse("a.toml", b"[[accept]]\nowner = \"M\xfcller\"\n").unwrap_err();
    assert!(
        error.to_string().starts_with("a.toml:2:11: the file is not UTF-8"),
        "{error}"
    );
}

#[test]
fn unknown_keys_are_refused_with_their_place() {
    let wrong = refused(&GOOD.replace("ticket", "tickets"));
    assert!(
        wrong.starts_with("accepted.toml:6:1: unknown field `tickets`"),
        "{wrong}"
    );
    assert!(wrong.contains("`ticket`"), "{wrong}");
    let wrong = refused(&GOOD.replace("[[accept]]", "[[accepted]]"));
    assert!(wrong.starts_with("accepted.toml:1:"), "{wrong}");
    assert!(wrong.contains("`accept`"), "{wrong}");
}

#[test]
fn what_is_no_toml_is_refused_with_its_place_and_the_shape_of_an_entry() {
    let wrong = refused("[[accept]]\nreason = ours\n");
    assert!(wrong.starts_with("accepted.toml:2:"), "{wrong}");
    assert!(wrong.contains("an entry is [[accept]] with"), "{wrong}");
    assert!(refused("[accept]\nreason = \"x\"\n").starts_with("accepted.toml:1:"));
    assert!(refused(&GOOD.replace("\"ours\"", "5")).starts_with("accepted.toml:4:10:"));
}

#[test]
fn reason_owner_and_expires_are_mandatory() {
    for key in ["reason", "owner", "expires"] {
        let text: String = GOOD
            .lines()
            .filter(|line| !line.starts_with(key))
            .map(|line| format!("{line}\n"))
            .collect();
        let wrong = refused(&text);
        assert!(
            wrong.starts_with(&format!("accepted.toml:1:1: this entry has no {key}; add {key} = ")),
            "{wrong}"
        );
    }
}

#[test]
fn every_empty_text_is_refused_at_once() {
    let empty = "[[accept]]\nfingerprint = \" \"\nvalues = \"\"\nreason = \"\"\nowner = \"\\t\"\nticket = \"\"\nexpires = \"\"\n";
    let wrong = refused(empty);
    let lines: Vec<&str> = wrong.lines().collect();
    assert_eq!(lines.len(), 6, "{wrong}");
    for (index, line) in lines.iter().enumerate() {
        assert!(line.starts_with(&format!("accepted.toml:{}:", index + 2)), "{line}");
        assert!(line.contains(" is empty; "), "{line}");
    }
}

#[test]
fn only_a_local_date_is_a_date() {
    for wrong in [
        "\"2027-03-31\"",
        "2027-03-31T00:00:00Z",
        "2027-03-31T00:00:00",
        "12:00:00",
        "20270331",
    ] {
        let text = refused(&GOOD.replace("2027-03-31", wrong));
        assert!(text.starts_with("accepted.toml:7:11: expires is no date"), "{text}");
    }
    assert!(refused(&GOOD.replace("2027-03-31", "2027-02-30")).starts_with("accepted.toml:7:"));
}

#[test]
fn an_entry_says_what_it_accepts_in_one_way() {
    let with = |target: &str| refused(&GOOD.replace("fingerprint = \"3F9C0A\"\n", target));
    assert!(with("").contains("does not say what it accepts"));
    assert!(with("object = \"*\"\n").contains("does not say what it accepts"));
    assert!(with("id = \"rule-*\"\n").contains("no object"));
    assert!(with("fingerprint = \"a\"\nid = \"b\"\nobject = \"c\"\n").contains("fingerprint and an id"));
    let text = GOOD.replace(
        "fingerprint = \"3F9C0A\"\n",
        "id = \"rule-*\"\nobject = \"contoso.com\"\n",
    );
    assert!(matches!(&parse(&text).unwrap().entries[0].target, Target::Named { id, .. } if id == "rule-*"));
}

#[test]
fn a_long_list_of_problems_is_cut() {
    let wrong = refused(&"[[accept]]\nfingerprint = \"a\"\nreason = \"r\"\nowner = \"o\"\n".repeat(30));
    assert_eq!(wrong.lines().count(), 21);
    assert!(wrong.ends_with("and 10 more problems"), "{wrong}");
    assert!(wrong.contains("accepted.toml:5:1: "), "{wrong}");
}
