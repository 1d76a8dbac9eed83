//! What of a text the collector keeps: its expressions, read from the script and run on texts. .NET and the crate
//! understand the same of what they use.

use crate::support;
use fancy_regex::Regex;
use std::fs;
use std::sync::OnceLock;

/// The text between a line that begins a function and the line that ends it.
fn function(name: &str) -> String {
    let script = fs::read_to_string(support::root().join("templates/collector.ps1")).unwrap();
    let start = format!("function {name} {{");
    let lines = script
        .lines()
        .skip_while(|line| *line != start)
        .take_while(|line| *line != "}");
    lines.collect::<Vec<_>>().join("\n")
}

/// A literal in single quotes, as PowerShell has it.
fn literal(text: &str) -> Option<String> {
    let inner = text.trim().strip_prefix('\'')?.strip_suffix('\'')?;
    Some(inner.replace("''", "'"))
}

fn patterns() -> Vec<Regex> {
    let text = function("Get-SecretPattern");
    let parts = text.lines().filter_map(|line| {
        let (name, part) = line.split_once('=')?;
        matches!(name.trim(), "$word" | "$word +").then(|| literal(part).unwrap())
    });
    let word: String = parts.collect();
    let patterns = text.lines().filter_map(literal);
    let patterns: Vec<Regex> = patterns
        .map(|pattern| Regex::new(&format!("(?i){}", pattern.replace("WORD", &word))).unwrap())
        .collect();
    assert_eq!(patterns.len(), 13);
    patterns
}

fn hidden(text: &str) -> String {
    static PATTERNS: OnceLock<Vec<Regex>> = OnceLock::new();
    PATTERNS
        .get_or_init(patterns)
        .iter()
        .fold(text.to_owned(), |text, pattern| {
            pattern.replace_all(&text, "${1}(not collected)").into_owned()
        })
}

/// Each holds `S3cr3t` in a form that schedulers, logs and proxies have.
#[test]
fn no_form_of_a_secret_is_kept() {
    for text in [
        "powershell.exe -File sync.ps1 -ClientSecret S3cr3t -Verbose",
        "powershell.exe -File sync.ps1 -AdminPassword:S3cr3t",
        "sync.ps1 -AdminPassword 'S3cr3t S3cr3t' -x",
        "-Command \"ConvertTo-SecureString \"S3cr3t\" -AsPlainText -Force\"",
        "ConvertTo-SecureString -AsPlainText -Force -String 'S3cr3t;S3cr3t)'",
        "$x = (ConvertTo-SecureString S3cr3t -AsPlainText)",
        "'S3cr3t' | ConvertTo-SecureString -AsPlainText -Force",
        "S3cr3t|ConvertTo-SecureString -AsPlainText",
        "tool.exe /pass:S3cr3t /x",
        "tool.exe /password=S3cr3t",
        "schtasks /create /u a --user-password S3cr3t",
        "powershell.exe -EncodedCommand UzNjcjN0UzNjcjN0UzNjcjN0",
        "powershell.exe -enc UzNjcjN0UzNjcjN0UzNjcjN0==",
        "powershell -e UzNjcjN0UzNjcjN0UzNjcjN0",
        "Authorization: Bearer S3cr3t.S3cr3t-S3cr3t",
        "Authorization: Basic UzNjcjN0UzNjcjN0",
        "the answer was eyJhbGciOiJS3cr3t.S3cr3t.S3cr3t",
        "https://x.blob.core.windows.net/a?sv=1&sig=S3cr3t%3D&se=2",
        "user:S3cr3t@proxy:8080",
        "http=user:S3cr3t@proxy:8080;https=user:S3cr3t@proxy:8080",
        "CONTOSO\\user:S3cr3t@proxy",
        "http://user:S3cr3t@proxy:8080",
        "http://user:S3cr3t/S3cr3t@proxy",
        "http://u:S3cr3t@S3cr3t@proxy/",
        "http://S3cr3t@proxy",
        "<add key=\"ClientSecret\" value=\"S3cr3t\"/>",
        "<add value='S3cr3t' key=\"Api-Key\"/>",
        "<module><proxyPassword>S3cr3t</proxyPassword></module>",
        "Server=a;User ID=b;Password=S3cr3t;Pooling=false",
        "Server=a;Pwd={S3cr3t;S3cr3t};Pooling=false",
        "Server=a;Password=S3cr3t S3cr3t,S3cr3t;Pooling=false",
        "Endpoint=sb://a;SharedAccessKeyName=b;SharedAccessKey=S3cr3t=",
        "{\"password\": \"S3cr3t\", \"x\": 1}",
        "{\\\"client_secret\\\":\\\"S3cr3t\\\"}",
        "SecretValue: S3cr3t",
        "TOKEN=S3cr3t",
        "passwd S3cr3t=1 pass=S3cr3t",
    ] {
        let kept = hidden(text);
        assert!(kept.contains("(not collected)"), "{text}\n{kept}");
        let rest = kept.replace("passwd S3cr3t=1", "");
        assert!(!rest.contains("S3cr3t") && !rest.contains("UzNjcjN0"), "{text}\n{kept}");
        assert_eq!(
            hidden(&kept).matches("(not collected)").count(),
            kept.matches("(not collected)").count(),
            "{text}"
        );
    }
}

/// Settings about passwords and keys, addresses and names are no secrets.
#[test]
fn what_is_no_secret_stays() {
    for text in [
        "",
        "Password Hash Synchronization: enabled",
        "password synchronization failed for 3 objects at 12:30:45",
        "C:\\Program Files\\Microsoft Azure AD Sync\\Bin\\miiserver.exe -k x",
        "\"C:\\scripts\\azure-ad-password sync\\run.ps1\" -PolicyType Delta -Encoding UTF8",
        "System.Net, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b03f5f7f11d50a3a",
        "<defaultProxy enabled=\"true\" useDefaultCredentials=\"true\"><proxy usesystemdefault=\"true\" \
         proxyaddress=\"http://proxy.contoso.com:8080\" bypassonlocal=\"true\" /></defaultProxy>",
        "<add key=\"Region\" value=\"EU\"/>",
        "proxy.contoso.com:8080",
        "http=proxy:8080;https=proxy:8080",
        "<local>;*.contoso.com",
        "bypass=<local>",
        "https://graph.microsoft.com:443/v1.0/users",
        "https://graph.microsoft.com/v1.0/users/joe@contoso.com",
        "joe@contoso.com could not be exported",
        "CN=Joe,OU=Basic users,DC=contoso,DC=com",
        "Basic authentication is disabled",
        "Sync_SYNC01_0123456789ab@contoso.onmicrosoft.com",
        "S-1-5-21-1-2-3-500",
        "AADSTS7000215: Invalid client secret provided.",
    ] {
        assert_eq!(hidden(text), text);
    }
}

/// A text of 64 KB costs no more than moments, whatever it is made of: each expression is tried on each.
#[test]
fn no_text_takes_long() {
    for part in [
        "a",
        "a:b;",
        "\"",
        "-pass",
        "password",
        "=\"'",
        "<a:",
        "://a:",
        "eyJ",
        "A+/",
        "key=\"",
        "name='x' ",
        "@a:b",
    ] {
        let text = part.repeat(65_536 / part.len());
        let begin = std::time::Instant::now();
        hidden(&text);
        assert!(
            begin.elapsed() < std::time::Duration::from_secs(10),
            "{part}: {:?}",
            begin.elapsed()
        );
    }
}
