//! `syncdrift export`, with a stand-in for PowerShell on the path.

#![cfg(unix)]
use crate::support;
use crate::support::bundle::{Bundle, Site, names};
use crate::support::export::{Export, Rule, direct};
use crate::support::run;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

pub fn bundle() -> Bundle {
    let rule = Rule::inbound("In from AD - Department", 50).flow(direct("department", "department"));
    Bundle::of(&Export::primary().rule(rule))
}

/// Nothing but `out`, or nothing at all, is left of a run.
pub fn left(site: &Site) -> Vec<String> {
    assert_eq!(names(&site.temporary()), Vec::<String>::new(), "temporary files");
    let mut all = site.names();
    if site.path("out").is_dir() {
        all.extend(names(&site.path("out")).into_iter().map(|name| format!("out/{name}")));
    }
    all
}

#[test]
fn a_bundle_becomes_a_folder_that_is_a_server() {
    let all = bundle()
        .file("policy/applied.json", b"{\"policyMetadata\":{}}")
        .file("csexport/1-pending-exports.xml", b"<cs-objects></cs-objects>");
    let site = Site::bringing(&all.zip());
    let run_ = site.export(&["--server", "SYNC01", "-o", "out"]);
    assert_eq!((run_.code, run_.stderr.as_str()), (0, ""), "{}", run_.stdout);
    assert_eq!(run_.stdout, "SYNC01: 7 items were read: out/SYNC01\n");
    assert_eq!(left(&site), ["out", "out/SYNC01"]);
    let folder = site.path("out/SYNC01");
    assert_eq!(
        names(&folder),
        ["csexport", "export", "items", "manifest.json", "policy"]
    );
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest, all.manifest);
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    let read = run(["document", folder.to_str().unwrap(), "--format", "json"]);
    assert_eq!(read.code, 0, "{}", read.stderr);
    let document: Value = serde_json::from_str(&read.stdout).unwrap();
    assert_eq!(document["server"]["server"], "SYNC01");
}

#[test]
fn a_bundle_becomes_an_archive() {
    let site = Site::bringing(&bundle().zip());
    let run_ = site.export(&["--server", "SYNC01", "-o", "out.ZIP"]);
    assert_eq!(run_.code, 0, "{}", run_.stderr);
    assert_eq!(left(&site), ["out.ZIP"]);
    let archive = site.path("out.ZIP");
    assert_eq!(fs::read(&archive).unwrap(), bundle().zip());
    assert_eq!(fs::metadata(&archive).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(run(["document", archive.to_str().unwrap()]).code, 0);
    // An earlier archive is replaced, and nothing else is.
    assert_eq!(site.export(&["--server", "SYNC01", "-o", "out.ZIP", "-q"]).code, 0);
    fs::write(site.path("mine.zip"), "my words").unwrap();
    let refused = site.export(&["--server", "SYNC01", "-o", "mine.zip"]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("no .zip"), "{}", refused.stderr);
    assert_eq!(fs::read(site.path("mine.zip")).unwrap(), b"my words");
}

/// What goes to PowerShell: a fixed command line, and everything that somebody chose in one variable.
#[test]
fn powershell_is_asked_in_one_way() {
    let site = Site::bringing(&bundle().zip());
    let run_ = site.export(&[
        "--server",
        "CONTOSO\\admin@sync01.contoso.com",
        "--ssh",
        "--csexport",
        "-o",
        "out",
    ]);
    assert_eq!(run_.code, 0, "{}", run_.stderr);
    assert_eq!(names(&site.path("out")), ["sync01.contoso.com"]);
    let arguments = site.noted("arguments-sync01.contoso.com");
    let lines: Vec<&str> = arguments.lines().collect();
    assert_eq!(lines[..4], ["-NoLogo", "-NoProfile", "-NonInteractive", "-File"]);
    assert_eq!(lines.len(), 5);
    assert!(lines[4].ends_with(".partial/export.ps1"), "{lines:?}");
    let request: Value = serde_json::from_str(&site.noted("request-sync01.contoso.com")).unwrap();
    assert_eq!(request["server"], "sync01.contoso.com");
    assert_eq!(request["user"], "CONTOSO\\admin");
    assert_eq!((&request["ssh"], &request["csexport"]), (&json!(true), &json!(true)));
    let keys: Vec<&String> = request.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["collector", "csexport", "problem", "server", "ssh", "target", "user"]
    );
    let environment = site.noted("environment-sync01.contoso.com");
    assert!(environment.contains("POWERSHELL_TELEMETRY_OPTOUT=1"));
}

/// The driver reads exactly the keys that it is sent.
#[test]
fn the_driver_reads_what_it_is_sent() {
    let driver = fs::read_to_string(support::root().join("templates/export.ps1")).unwrap();
    for key in ["collector", "csexport", "problem", "server", "ssh", "target", "user"] {
        let used = driver.to_lowercase().contains(&format!("$request.{key}"));
        assert!(used, "{key}");
    }
    assert!(driver.contains("$env:SYNCDRIFT_REQUEST"));
}

#[test]
fn both_scripts_are_there_as_they_are_in_the_repository() {
    let code = "cp \"$(field collector)\" \"$here/seen-collector\"; cp \"$5\" \"$here/seen-driver\"; cp \"$here/bundle.zip\" \"$target\"";
    let site = Site::doing(code).with("bundle.zip", &bundle().zip());
    assert_eq!(site.export(&["--server", "SYNC01", "-o", "out"]).code, 0);
    for (seen, name) in [("seen-collector", "collector.ps1"), ("seen-driver", "export.ps1")] {
        let own = fs::read_to_string(support::root().join("templates").join(name)).unwrap();
        assert_eq!(site.noted(seen), own);
    }
}

#[test]
fn print_script_gives_the_same_bytes() {
    let own = fs::read(support::root().join("templates/collector.ps1")).unwrap();
    let printed = support::syncdrift()
        .args(["export", "--print-script"])
        .output()
        .unwrap();
    assert_eq!(printed.stdout, own);
    let printed = support::syncdrift()
        .args(["export", "--print-script", "-o", "-"])
        .output()
        .unwrap();
    assert_eq!(printed.stdout, own);
    let site = Site::doing("");
    assert_eq!(site.export(&["--print-script", "-o", "collector.ps1"]).code, 0);
    assert_eq!(fs::read(site.path("collector.ps1")).unwrap(), own);
    let again = site.export(&["--print-script", "-o", "collector.ps1"]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("the file exists"), "{}", again.stderr);
    assert!(!site.was_started());
}

#[test]
fn what_is_missing_is_told_and_is_exit_3() {
    let bundle = bundle()
        .item("rule-audit", None, "absent", false, Some("no such cmdlet"))
        .item("events", None, "denied", false, Some("Access\nis denied\u{1b}[2J"))
        .item("run-history", Some("contoso.com"), "error", false, Some("broken"));
    let site = Site::bringing(&bundle.zip());
    let run_ = site.export(&["--server", "SYNC01", "-o", "out"]);
    assert_eq!(run_.code, 3);
    let expected = "SYNC01: 7 items were read, 1 do not exist there, 2 are missing: out/SYNC01\n  denied  events: \
                    Access\\u{a}is denied\\u{1b}[2J\n  error   run-history of contoso.com: broken\n";
    assert_eq!(run_.stdout, expected);
    // What is missing failed.
    let quiet = site.export(&["--server", "SYNC01", "-o", "out", "-q"]);
    assert_eq!((quiet.code, quiet.stdout.as_str()), (3, expected));
    let mut required = Bundle::of(&Export::primary());
    required.manifest["items"][2]["status"] = json!("absent");
    let site = Site::bringing(&required.zip());
    assert_eq!(site.export(&["--server", "SYNC01", "-o", "out"]).code, 3);
}

#[test]
fn one_server_that_fails_does_not_lose_the_others() {
    let code = "case $server in SYNC02) printf 'WinRM cannot\\nconnect' > \"$problem\"; exit 1;; esac; cp \"$here/bundle.zip\" \"$target\"";
    let site = Site::doing(code).with("bundle.zip", &bundle().zip());
    let arguments = [
        "--server", "SYNC01", "--server", "SYNC02", "--server", "SYNC03", "-o", "out",
    ];
    let run_ = site.export(&arguments);
    assert_eq!(run_.code, 3);
    assert_eq!(
        run_.stdout,
        "SYNC01: 7 items were read: out/SYNC01\nSYNC03: 7 items were read: out/SYNC03\n  \
         the server calls itself SYNC01\n  it is the same server as SYNC01\n"
    );
    assert_eq!(run_.stderr, "SYNC02: nothing was collected: WinRM cannot connect\n");
    assert_eq!(left(&site), ["out", "out/SYNC01", "out/SYNC03"]);
    assert_eq!(site.export(&["--server", "SYNC02", "-o", "out"]).code, 2);
}

/// A manifest that is silent about what every server has is no whole one.
#[test]
fn what_is_not_mentioned_is_missing() {
    let mut bundle = bundle();
    bundle.manifest["items"] = json!([]);
    let site = Site::bringing(&bundle.zip());
    let run_ = site.export(&["--server", "SYNC01", "-o", "out"]);
    assert_eq!(run_.code, 3);
    assert!(
        run_.stdout.starts_with("SYNC01: 0 items were read, 7 are missing"),
        "{}",
        run_.stdout
    );
    for id in support::bundle::REQUIRED {
        let line = format!("  absent  {id}: manifest.json does not mention it\n");
        assert!(run_.stdout.contains(&line), "{id}: {}", run_.stdout);
    }
}

/// A text that was cut inside a character costs that character.
#[test]
fn half_a_character_does_not_lose_a_bundle() {
    let bundle = bundle().item("events", None, "denied", false, Some("abcHALF"));
    let json = bundle.manifest.to_string().replace("HALF", "\\ud83d");
    let zip = support::zipped::Zip::default().file("manifest.json", json.as_bytes());
    let zip = bundle
        .files
        .iter()
        .fold(zip, |zip, (name, bytes)| zip.file(name, bytes));
    let site = Site::bringing(&zip.bytes());
    let run_ = site.export(&["--server", "SYNC01", "-o", "out"]);
    assert_eq!(run_.code, 3, "{}", run_.stderr);
    assert!(run_.stdout.contains("denied  events: abc\u{fffd}"), "{}", run_.stdout);
}

#[test]
fn a_server_under_another_name_is_told() {
    let site = Site::bringing(&bundle().zip());
    let other = site.export(&["--server", "other.contoso.com", "-o", "out"]);
    assert!(
        other.stdout.contains("\n  the server calls itself SYNC01\n"),
        "{}",
        other.stdout
    );
    let full = site.export(&["--server", "sync01.contoso.com", "-o", "out"]);
    assert_eq!(full.stdout.lines().count(), 1, "{}", full.stdout);
}

/// Each waits until both are there.
#[test]
fn servers_are_asked_at_the_same_time() {
    let code = "touch \"$here/there-$server\"\n\
                for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do\n\
                if [ -e \"$here/there-SYNC01\" ] && [ -e \"$here/there-SYNC02\" ]; then cp \"$here/bundle.zip\" \"$target\"; exit 0; fi\n\
                sleep 0.5; done; exit 1";
    let site = Site::doing(code).with("bundle.zip", &bundle().zip());
    let run_ = site.export(&["--server", "SYNC01", "--server", "SYNC02", "-o", "out"]);
    assert_eq!(run_.code, 0, "{}", run_.stderr);
}

#[test]
fn what_hangs_is_ended_with_all_that_it_started() {
    let code = "echo waiting >&2; sh -c 'sleep 4; touch \"$0/outlived\"' \"$here\" & wait";
    let site = Site::doing(code);
    let (run_, time) = site.timed(&["--server", "SYNC01", "--timeout", "1", "-o", "out"]);
    assert_eq!(run_.code, 2);
    assert!(time < Duration::from_secs(4), "{time:?}");
    assert!(
        run_.stderr.contains("within 1 seconds") && run_.stderr.contains("--timeout"),
        "{}",
        run_.stderr
    );
    assert_eq!(left(&site), ["out"]);
    std::thread::sleep(Duration::from_secs(5).saturating_sub(time));
    assert!(!site.path("bin/outlived").exists(), "what it started went on");
}

#[test]
fn what_is_no_bundle_is_refused() {
    let whole = bundle().zip();
    let unlisted = {
        let mut bundle = bundle();
        bundle.files.push(("export/extra.xml".to_owned(), b"<x/>".to_vec()));
        bundle.zip()
    };
    let changed = {
        let mut bundle = bundle();
        bundle.files[0].1.push(b' ');
        bundle.zip()
    };
    let same_size = {
        let mut bundle = bundle();
        let last = bundle.files[0].1.len() - 1;
        bundle.files[0].1[last] = b' ';
        bundle.zip()
    };
    let lost = {
        let mut bundle = bundle();
        bundle.files.remove(0);
        bundle.zip()
    };
    let other = {
        let mut bundle = bundle();
        bundle.manifest["schema"] = json!("syncdrift.bundle/2");
        bundle.zip()
    };
    let leading_out = bundle().file("../evil", b"evil").zip();
    let twice = {
        let mut bundle = bundle();
        let first = bundle.manifest["files"][0].clone();
        bundle.manifest["files"].as_array_mut().unwrap().push(first);
        bundle.zip()
    };
    let case = bundle().file("items/Scheduler.json", b"{}").zip();
    let device = bundle().file("items/NUL.json", b"{}").zip();
    let file_and_folder = bundle().file("export", b"").zip();
    let below_manifest = bundle().file("manifest.json/x", b"").zip();
    let no_manifest = support::zipped::export().bytes();
    let cases: [(&[u8], &str); 15] = [
        (b"", "zip"),
        (b"Windows PowerShell\r\nCopyright (C)", "zip"),
        (&whole[..whole.len() / 2], "zip"),
        (&unlisted, "not in its manifest"),
        (&changed, "not as its manifest says"),
        (&same_size, "not as its manifest says"),
        (&lost, "export/"),
        (&other, "bundle/2"),
        (&leading_out, "no path"),
        (&twice, "twice"),
        (&case, "twice"),
        (&device, "no path"),
        (&file_and_folder, "a file and a folder"),
        (&below_manifest, "a file and a folder"),
        (&no_manifest, "manifest.json"),
    ];
    for (bytes, words) in cases {
        for out in ["out", "out.zip"] {
            let site = Site::bringing(bytes);
            let run_ = site.export(&["--server", "SYNC01", "-o", out]);
            assert_eq!(run_.code, 2, "{words}: {}", run_.stdout);
            assert!(
                run_.stderr
                    .starts_with("SYNC01: nothing was collected: what came is no bundle"),
                "{}",
                run_.stderr
            );
            assert!(run_.stderr.contains(words), "{words}: {}", run_.stderr);
            let rest = left(&site);
            assert!(rest.is_empty() || rest == ["out"], "{words}: {rest:?}");
        }
    }
}

#[test]
fn what_powershell_says_is_told() {
    for (code, words) in [
        ("echo garbage; exit 0", "brought no bundle and does not say why"),
        ("echo garbage; echo 'no license' >&2; exit 1", "no license"),
        (
            "printf '\\357\\273\\277Zugriff verweigert\\033[2J' > \"$problem\"; exit 1",
            "Zugriff verweigert\\u{1b}[2J",
        ),
        ("yes loud | head -c 3000000 >&2; exit 1", "loud loud"),
        (
            "head -c 2000000 /dev/zero >&2; echo silence >&2; exit 1",
            "does not say why",
        ),
        // What it leaves behind holds its words open.
        ("echo done >&2; sleep 3 & exit 1", "done"),
        ("kill -9 $$", "signal"),
        // A bundle of a driver that failed is none.
        ("printf x > \"$target\"; echo late >&2; exit 1", "late"),
    ] {
        let site = Site::doing(code);
        let run_ = site.export(&["--server", "SYNC01", "-o", "out"]);
        assert_eq!(run_.code, 2, "{code}");
        assert!(run_.stderr.contains(words), "{code}: {}", run_.stderr);
        assert!(
            run_.stderr.len() < 2000 && run_.stderr.lines().count() == 1,
            "{code}: {}",
            run_.stderr
        );
        assert_eq!(left(&site), ["out"], "{code}");
    }
}

#[test]
fn names_that_are_none_are_never_passed_on() {
    let site = Site::bringing(&bundle().zip());
    for name in [
        "",
        "-oProxyCommand=touch evil",
        "a;touch evil",
        "$(touch evil)",
        "`touch evil`",
        "a' ; touch evil; '",
        "a\"b",
        "a\u{2019}b",
        "a\nb",
        "../evil",
        "a b",
        "*",
        "user@host",
        "a\u{202e}b",
    ] {
        let run_ = site.export(&[&format!("--server={name}"), "-o", "out"]);
        assert_eq!(run_.code, 2, "{name:?}");
        assert!(
            run_.stderr.contains("is no name of a server"),
            "{name:?}: {}",
            run_.stderr
        );
    }
    let twice = site.export(&["--server", "SYNC01", "--server", "sync01", "-o", "out"]);
    assert!(twice.code == 2 && twice.stderr.contains("twice"), "{}", twice.stderr);
    assert!(!site.was_started());
    assert!(left(&site).is_empty());
}

#[test]
fn without_powershell_it_says_how_to_collect_by_hand() {
    let site = Site::doing("");
    fs::remove_file(site.path("bin/pwsh")).unwrap();
    for (arguments, words) in [
        (&["--server", "SYNC09", "-o", "out"][..], "no pwsh in PATH"),
        (&["-o", "out"][..], "no Windows server"),
    ] {
        let run_ = site.export(arguments);
        assert_eq!(run_.code, 2);
        let by_hand = run_.stderr.contains("--print-script") && run_.stderr.contains("-OutputPath");
        assert!(run_.stderr.contains(words) && by_hand, "{}", run_.stderr);
        assert!(left(&site).is_empty());
    }
}

#[test]
fn a_bad_place_fails_before_anything_is_started() {
    let site = Site::bringing(&bundle().zip());
    fs::write(site.path("file"), "").unwrap();
    fs::create_dir_all(site.path("full/SYNC01")).unwrap();
    fs::write(site.path("full/SYNC01/notes.txt"), "mine").unwrap();
    let two = ["--server", "SYNC01", "--server", "SYNC02", "-o", "two.zip"];
    let cases: [(&[&str], &str); 5] = [
        (&["--server", "SYNC01", "-o", "file"], "cannot write there"),
        (&["--server", "SYNC01", "-o", "b.zip/"], "leave out the /"),
        (&["--server", "SYNC01", "-o", "-"], "none is printed"),
        (&["--server", "SYNC01", "-o", "full"], "no bundle"),
        (&two, "one server"),
    ];
    for (arguments, words) in cases {
        let run_ = site.export(arguments);
        assert_eq!(run_.code, 2, "{words}");
        assert!(run_.stderr.contains(words), "{words}: {}", run_.stderr);
    }
    let nowhere = site.path("bin/nowhere");
    let mut without = site.command(&["--server", "SYNC01", "-o", "free"]);
    let output = without.env("TMPDIR", nowhere).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(!stderr.contains("-o ") && stderr.contains("set TMPDIR"), "{stderr}");
    assert!(!site.was_started());
    assert_eq!(fs::read_to_string(site.path("full/SYNC01/notes.txt")).unwrap(), "mine");
    assert_eq!(left(&site), ["file", "full"]);
}

#[test]
fn an_earlier_bundle_stays_until_a_new_one_is_there() {
    let site = Site::bringing(&bundle().zip());
    assert_eq!(site.export(&["--server", "SYNC01", "-o", "out"]).code, 0);
    let before = fs::read(site.path("out/SYNC01/manifest.json")).unwrap();
    let site = site.with("do", b"exit 1");
    let failed = site.export(&["--server", "SYNC01", "-o", "out"]);
    assert_eq!(failed.code, 2);
    let told = "; the earlier bundle of SYNC01 stays: out/SYNC01\n";
    assert!(failed.stderr.ends_with(told), "{}", failed.stderr);
    assert_eq!(fs::read(site.path("out/SYNC01/manifest.json")).unwrap(), before);
    let newer = bundle().item("wizard", None, "ok", false, None);
    let site = site
        .with("do", b"cp \"$here/bundle.zip\" \"$target\"")
        .with("bundle.zip", &newer.zip());
    assert_eq!(site.export(&["--server", "SYNC01", "-o", "out"]).code, 0);
    assert!(site.path("out/SYNC01/items/wizard.json").exists());
    // Something was put beside it, or into it: it is not replaced any more.
    for name in ["notes.txt", "export/notes.txt", "items/notes/mine.txt"] {
        let path = site.path("out/SYNC01").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "mine").unwrap();
        let refused = site.export(&["--server", "SYNC01", "-o", "out"]);
        assert_eq!(refused.code, 2, "{name}");
        assert!(path.exists(), "{name}");
        fs::remove_file(&path).unwrap();
    }
    assert_eq!(left(&site), ["out", "out/SYNC01"]);
}
