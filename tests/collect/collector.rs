//! The PowerShell that goes to servers, proven from its text: it parses as Windows PowerShell 5.1 has it, and runs
//! nothing that is not on a list (`tests/powershell.toml`), line by line.

use crate::support;
use crate::support::pwsh::Script;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs;

const SCRIPTS: [&str; 2] = ["collector", "export"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Allowed {
    adsync: Vec<Cmdlet>,
    cmdlet: Vec<Cmdlet>,
    methods: Vec<Methods>,
    assigned: Vec<Assigned>,
    types: Types,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cmdlet {
    name: String,
    parameters: BTreeSet<String>,
    only: Option<String>,
    why: Option<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Methods {
    names: BTreeSet<String>,
    only: Option<String>,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Assigned {
    name: String,
    only: Option<String>,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Types {
    names: BTreeSet<String>,
}

fn allowed() -> Allowed {
    toml::from_str(&fs::read_to_string(support::root().join("tests/powershell.toml")).unwrap()).unwrap()
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(support::root().join(format!("templates/{name}.ps1"))).unwrap()
}

fn script(name: &str) -> Script {
    Script::parse(&String::from_utf8(bytes(name)).unwrap())
}

/// Whether a row is about this script.
fn about(only: Option<&String>, name: &str) -> bool {
    only.is_none_or(|only| only == name)
}

/// What a script runs that no row allows.
fn forbidden(name: &str, script: &Script, allowed: &Allowed) -> Vec<String> {
    let mut found = Vec::new();
    let functions = script.functions();
    for call in script.calls() {
        if functions.contains(&call.name) {
            continue;
        }
        let adsync = allowed.adsync.iter().filter(|_| name == "collector");
        let mut rows = allowed.cmdlet.iter().chain(adsync);
        let row = rows.find(|row| row.name == call.name && about(row.only.as_ref(), name));
        match row {
            None => found.push(format!("{name}.ps1:{}: runs {}", call.line, call.name)),
            Some(row) => found.extend(
                call.parameters
                    .iter()
                    .filter(|parameter| !row.parameters.contains(*parameter))
                    .filter(|parameter| row.source.is_none() || *parameter != "ErrorAction")
                    .map(|parameter| format!("{name}.ps1:{}: {} -{parameter}", call.line, call.name)),
            ),
        }
    }
    for method in script.methods() {
        let mut rows = allowed.methods.iter();
        let is_listed = |row: &Methods| row.names.contains(&method.name) || row.names.contains(&method.text);
        if !rows.any(|row| is_listed(row) && about(row.only.as_ref(), name)) {
            found.push(format!("{name}.ps1:{}: calls {}", method.line, method.text));
        }
    }
    let called: BTreeSet<String> = script
        .methods()
        .into_iter()
        .filter_map(|method| Some(method.name.split_once("::")?.0.to_owned()))
        .collect();
    for name_of_type in script.texts("type_literal") {
        let plain = name_of_type
            .trim_start_matches('[')
            .strip_suffix(']')
            .unwrap_or_default();
        if !allowed.types.names.contains(plain) && !called.contains(plain) {
            found.push(format!("{name}.ps1: has the type {plain}"));
        }
    }
    for redirection in script.redirections().iter().filter(|text| *text != "2>&1") {
        found.push(format!("{name}.ps1: redirects {redirection}"));
    }
    for left in script.assigned() {
        let scoped = left.trim_start_matches("${").trim_start_matches('$').contains(':');
        let mut rows = allowed.assigned.iter();
        let is_listed = rows.any(|row| row.name == left && about(row.only.as_ref(), name));
        if scoped && !left.contains(']') && !is_listed {
            found.push(format!("{name}.ps1: assigns {left}"));
        }
    }
    found
}

#[test]
fn the_scripts_are_windows_powershell_5_1() {
    for name in SCRIPTS {
        let script = script(name);
        assert_eq!(script.faults(), Vec::<String>::new(), "{name}.ps1");
        assert!(script.text.starts_with("#requires -Version 5.1\r\n"), "{name}.ps1");
        // Parameters of PowerShell 7, on cmdlets that 5.1 has.
        for newer in [
            "-AsUTC",
            "-AsHashtable",
            "-Parallel",
            "-AsByteStream",
            "-EnumsAsStrings",
            "Join-String",
        ] {
            assert!(!script.text.contains(newer), "{name}.ps1 has {newer}");
        }
    }
}

#[test]
fn faults_of_5_1_are_seen() {
    for bad in [
        "if ($a) {",
        "$a = $b ? 1 : 2",
        "$a = $b ?? 1",
        "$a ??= 1",
        "Get-Item a && Get-Item b",
        "$a = ${b}?.Name",
        "try { Get-Item a }",
    ] {
        assert!(!Script::parse(bad).faults().is_empty(), "{bad}");
    }
    assert!(Script::parse("try { Get-Item a } catch { throw }").faults().is_empty());
}

/// The same bytes stand in the repository, in the program, on the screen and on the server, signed or not.
#[test]
fn the_scripts_are_ascii_with_crlf() {
    for name in SCRIPTS {
        let bytes = bytes(name);
        let text = String::from_utf8(bytes).unwrap();
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let place = format!("{name}.ps1:{}: {line:?}", number + 1);
            let content = line.strip_suffix("\r\n").expect(&place);
            assert!(content.chars().all(|c| (' '..='~').contains(&c)), "{place}");
            assert_eq!(content.trim_end(), content, "{place}");
            assert!(content.len() <= 170, "{place}");
        }
    }
}

#[test]
fn the_scripts_run_nothing_but_what_is_listed() {
    let allowed = allowed();
    for name in SCRIPTS {
        assert_eq!(forbidden(name, &script(name), &allowed), Vec::<String>::new());
    }
}

#[test]
fn what_is_not_listed_is_seen() {
    let allowed = allowed();
    for bad in [
        "Set-ADSyncScheduler -SyncCycleEnabled $false",
        "Start-ADSyncSyncCycle",
        "Get-ADSyncScheduler | Set-ADSyncScheduler",
        "Get-ADSyncRule -Name x",
        "Get-ADSyncNothing",
        "Invoke-Expression $text",
        "iex $text",
        "& $anything",
        "& 'cmd.exe'",
        ". $file",
        "cmd.exe /c dir",
        "Remove-Item C:\\x",
        "Add-Type -TypeDefinition $x",
        "Get-ChildItem -Path *",
        "New-PSSession -ComputerName x",
        "[IO.File]::Delete('x')",
        "$file.Delete()",
        "[wmiclass]'Win32_Process'",
        "[Diagnostics.Process]::Start('x')",
        "Write-Host x > C:\\x",
        "Write-Host x >> C:\\x",
        "$env:PATH = 'x'",
        "$entry.Invoke('SetPassword', 'x')",
        "$entry.psbase.Invoke('Add')",
        "$member.GetType().InvokeMember('Name', 'SetProperty', $null, $member, $null)",
        "$global:x = 1",
        "Get-Item -LiteralPath (Set-Item x)",
        "Write-Host \"$(Stop-Service ADSync)\"",
        "$x = @{ a = { Stop-Service ADSync } }",
    ] {
        let script = Script::parse(bad);
        assert!(script.faults().is_empty(), "{bad}: {:?}", script.faults());
        assert!(!forbidden("collector", &script, &allowed).is_empty(), "{bad}");
    }
}

/// A list that allows more than is needed protects from less.
#[test]
fn everything_that_is_listed_is_needed() {
    let allowed = allowed();
    let mut calls = BTreeSet::new();
    let mut methods = BTreeSet::new();
    let mut types = BTreeSet::new();
    let mut assigned = BTreeSet::new();
    for name in SCRIPTS {
        let script = script(name);
        calls.extend(script.calls().into_iter().map(|call| call.name));
        for method in script.methods() {
            methods.extend([method.name, method.text]);
        }
        assigned.extend(script.assigned());
        types.extend(
            script
                .texts("type_literal")
                .into_iter()
                .map(|text| text[1..text.len() - 1].to_owned()),
        );
    }
    for row in allowed.cmdlet.iter().chain(&allowed.adsync) {
        assert!(calls.contains(&row.name), "nothing runs {}", row.name);
    }
    for name in allowed.methods.iter().flat_map(|row| &row.names) {
        assert!(methods.contains(name), "nothing calls {name}");
    }
    for row in &allowed.assigned {
        assert!(assigned.contains(&row.name), "nothing assigns {}", row.name);
    }
    let idle: Vec<&String> = allowed.types.names.difference(&types).collect();
    assert!(idle.is_empty(), "nothing has the types {idle:?}");
}

#[test]
fn every_row_says_what_it_has_to() {
    let allowed = allowed();
    for row in &allowed.adsync {
        assert!(row.name.starts_with("Get-ADSync"), "{}", row.name);
        assert!(row.source.is_some(), "{} has no source", row.name);
    }
    let reading = [
        "Get",
        "Test",
        "ConvertFrom",
        "Join",
        "ForEach",
        "Where",
        "Select",
        "Sort",
        "Out",
        "Write",
    ];
    for row in &allowed.cmdlet {
        let verb = row.name.split('-').next().unwrap();
        assert!(
            reading.contains(&verb) || row.why.is_some(),
            "{} has no reason",
            row.name
        );
    }
    assert!(allowed.methods.iter().all(|row| !row.why.is_empty()));
    assert!(allowed.assigned.iter().all(|row| !row.why.is_empty()));
}

/// Without it an error of a cmdlet would be a line on the screen, and its item be empty and ok.
#[test]
fn every_cmdlet_of_adsync_stops_at_an_error() {
    for call in script("collector").calls() {
        if call.name.contains("-ADSync") {
            let stops = call.parameters.iter().any(|parameter| parameter == "ErrorAction");
            assert!(
                stops,
                "collector.ps1:{}: {} has no -ErrorAction Stop",
                call.line, call.name
            );
        }
    }
}

/// A cmdlet that asks would wait for ever, and what is masked is masked by expressions that are made before the work.
#[test]
fn nothing_is_asked_and_everything_masked() {
    let script = script("collector").text;
    let page = fs::read_to_string(support::root().join("templates/collector.md")).unwrap();
    let readme = fs::read_to_string(support::root().join("README.md")).unwrap();
    for text in [&script, &page, &readme] {
        assert!(text.contains("-NoProfile -NonInteractive -File"));
        assert!(!text.contains("-NoProfile -File"));
    }
    let made = script.find("$SecretPatterns = @(Get-SecretPattern)").unwrap();
    assert!(made < script.find("$code = Invoke-Collector").unwrap());
    assert!(script.find("$reason = Test-Host").unwrap() < made);
}

/// Items that the script records: their ids.
fn items(script: &Script) -> BTreeSet<String> {
    script
        .texts("command")
        .iter()
        .filter_map(|text| {
            text.strip_prefix("Read-Item $Bundle '")?
                .split('\'')
                .next()
                .map(str::to_owned)
        })
        .collect()
}

#[test]
fn the_page_about_bundles_names_every_item() {
    let page = fs::read_to_string(support::root().join("templates/collector.md")).unwrap();
    let (_, page) = page.split_once("\n## Items\n").unwrap();
    let told: BTreeSet<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next().map(str::to_owned))
        .collect();
    assert_eq!(items(&script("collector")), told);
}
