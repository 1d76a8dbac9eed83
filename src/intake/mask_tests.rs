//! Tests of masking in place.

use super::{MASK, Style, mask, within};

/// Every `‹…›` in the expected text is what must be masked; the rest must stay.
fn check(expected: &str) {
    let raw = expected.replace(['‹', '›'], "");
    let mut wanted = String::new();
    let mut rest = expected;
    while let Some((before, after)) = rest.split_once('‹') {
        let (_, after) = after.split_once('›').unwrap();
        wanted.push_str(before);
        wanted.push_str(MASK);
        rest = after;
    }
    wanted.push_str(rest);
    let (masked, mark) = mask(&raw);
    assert_eq!(masked, wanted, "{raw}");
    assert_eq!(mark.is_some(), expected.contains('‹'), "{raw}");
    assert_eq!(mask(&masked), (masked.clone(), None), "masking again: {raw}");
}

#[test]
fn pairs_of_connector_parameters() {
    check("Server,db1\nPassword,‹S3cret!›\nDbPwd,‹x y›\nTimeout,30");
    check("<Password value=\"‹S3cret!›\"/>");
    check("name, password, mail");
    check("$user.SetPassword(\"‹S3cret!›\")");
    check("the password (see the page) is long");
}

#[test]
fn connection_strings() {
    for text in [
        "Server=db1;User Id=sync;Pwd=‹S3cret!›;Encrypt=true",
        "server=db1;PASSWORD=‹a b c›",
        "Data Source=x;Password = ‹x y› ;Timeout=30",
        "Password=\"‹a;b\"\"c›\";Server=x",
        "Password='‹a;b''c›';Server=x",
        "Driver={SQL Server};Pwd=‹{a;}}b}›;Uid=x",
        "Endpoint=sb://x/;SharedAccessKeyName=Root;SharedAccessKey=‹abc+/=›;EntityPath=y",
        "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=‹Zm9v==›;EndpointSuffix=core.windows.net",
        "Client Secret=‹x›;Client Id=y",
        "Account Key=‹x›;Name=y",
        "BlobEndpoint=https://x/;SharedAccessSignature=‹sv=2020&sig=abc›;Q=1",
        "server=x\nPwd=‹one›\nother=two",
        "<connection>Server=x;Pwd=‹y›</connection>",
        "connectionString=\"Server=x;Pwd=‹y\"z›\" provider=\"q\"",
        "conn = \"Server=x;Password=\"\"‹y›\"\";Q=1\"",
        "Proxy Password=‹x›;Proxy User=y",
    ] {
        check(text);
    }
}

#[test]
fn placeholders_and_ordinary_segments_stay() {
    for text in [
        "data source=db;user id={username};password={password};multipleactiveresultsets=true",
        "Pwd=;Server=x",
        "Password=\"\";Server=x",
        "Pwd=***;x=y",
        "Password=%DB_PASSWORD%;x=y",
        "Pwd=${dbPassword};x=y",
        "Persist Security Info=False;Trusted_Connection=yes",
        "Microsoft.X, Version=6.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089",
        "OU=Password Admins,OU=Token,DC=contoso,DC=com",
        "CN=Secret,OU=Pwd=",
        "(&(objectClass=user)(pwdLastSet=0))",
        "PasswordPolicy=Strict;KeyAttribute=uid;Key=7;PrimaryKey=id",
        "Stored Procedure timeout in seconds (min=30, max=99999, default=30)",
        "Authentication (optional): These credentials are replaced in the connection string.",
        "The password: it is asked for when the connector starts",
        "2016-05-03 14:28:11.513",
        "https://login.windows.net:443/contoso.onmicrosoft.com",
        "https://host/path:x@y",
        "C:\\Program Files\\x -y",
        "export_password",
        "Basic Authentication",
        "a bearer of bad news, a token of love",
        "EnablePasswordSync=True;PasswordExpiryDays=30",
    ] {
        check(text);
    }
}

#[test]
fn urls_and_headers() {
    for text in [
        "https://user:‹p@ss:word›@host/path",
        "ldap://cn=admin:‹x›@host:389",
        "https://user:‹p/w›@host/",
        "https://x.blob.core.windows.net/c?sv=1&sig=‹abc%3D›&se=2",
        "https://x/token?grant_type=client&client_secret=‹abc›&scope=y",
        "https://f.azurewebsites.net/api/x?code=‹abc==›",
        "Authorization: Bearer ‹eyJ0eXAi.eyJhd-W_Q.sig›",
        "Authorization: Basic ‹dXNlcjpwYXNz›",
        "Authorization: token ‹ghp_0123456789abcdefghij›",
        "{\"user\":\"x\",\"password\":\"‹a\\\"b›\",\"pin\":1}",
        "{\"client_secret\": \"‹x›\", \"apiKey\" : \"‹y›\"}",
        "{\\\"password\\\":\\\"‹x›\\\"}",
        "{\"password\": ‹12345›, \"token\": null}",
        "user: x\nclient_secret: ‹abc›\n",
        "Password:‹abc›",
        "<config><user>x</user><password>‹y›</password><apiKey type=\"a\">‹z›</apiKey></config>",
        "<password/><user>x</user>",
        "<add key=\"ClientSecret\" value=\"‹x›\" /><add key=\"Timeout\" value=\"3\" />",
        "<user name='x' password='‹y›'/>",
        "-----BEGIN RSA PRIVATE KEY-----\n‹MIIB\nAAA=›\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    ] {
        check(text);
    }
}

#[test]
fn scripts() {
    for text in [
        "$password = '‹P4ss'' w›'\n$server = 'x'",
        "$Password=\"‹x›\"; $user = \"y\"",
        "[string]$Pwd = [string]\"‹x›\"",
        "$cfg['password'] = '‹x›'",
        "$cred.Password = \"‹x›\"",
        "$env:DB_PASSWORD = '‹x›'",
        "${client_secret} = '‹x›'",
        "$p = ConvertTo-SecureString \"‹x y›\" -AsPlainText -Force",
        "$p = ConvertTo-SecureString -String '‹x›' -AsPlainText -Force; $q = 'y'",
        "$p = ConvertTo-SecureString ‹abc› -AsPlainText -Force",
        "$p = '‹x›' | ConvertTo-SecureString -AsPlainText -Force",
        "(ConvertTo-SecureString -AsPlainText `\n  \"‹x›\" -Force)",
        "Connect-Thing -User 'u' -Password \"‹x›\" -Server 'y'",
        "Connect-Thing -Password ‹x› -Server y",
        "tool --api-key ‹x› --verbose",
        "tool -Password:‹x› /q",
        "tool --password=‹x› --other",
        "if ($password -eq '‹x›') { 'y' }",
        "New-Object System.Net.NetworkCredential(\"user\", \"‹x›\")",
        "[Net.NetworkCredential]::new('u', '‹x›', 'domain')",
        "@{ User = 'u'; Password = '‹x›'; ClientSecret='‹y›' }",
        "$password = @'\n‹one\n'two'›\n'@\n$x = 'y'",
        "password => '‹x›', user => 'y'",
        "$Password = “‹x›”",
        "EXEC p @user = 'u', @password = N'‹x›'",
        "setup.exe /p:Token=‹x› /q",
    ] {
        check(text);
    }
}

#[test]
fn code_without_literals_stays() {
    for text in [
        "$password = Read-Host -AsSecureString \"Enter the password\"",
        "$cred = Get-Credential -UserName x",
        "param([SecureString]$Password, [string]$Server = 'x')",
        "Connect-Thing -Password $secret -Server 'y'",
        "Connect-Thing -Credential (Get-Credential) -Server 'y'",
        "$token = $response.access_token",
        "Set-ADUser -PasswordNeverExpires $true -ChangePasswordAtLogon 1",
        "if ($token -eq $null) { 'none' }",
        "New-Object PSCredential($user, $secure)",
        "ConvertFrom-SecureString $x",
        "$password = ''",
        "C:\\Program Files\\Microsoft\\Password Scripts\\set-password.ps1",
    ] {
        check(text);
    }
}

#[test]
fn bare_words_after_a_variable() {
    for text in [
        "$secret = ‹x›",
        "$password = ‹x9!›; $server = 'y'",
        "$env:DB_PASSWORD = ‹x›\nmain",
        "${client_secret}=‹x›",
        "EXEC p @user = u, @password = ‹x›",
        "$cred.Password = ‹Tr0ub4dor&3› # by hand",
        "if (x) { $token = ‹abc› }",
    ] {
        check(text);
    }
    for text in [
        "$password = Get-Secret",
        "$token = null; $pwd = $null",
        "$secret = Get-Content file.txt",
        "$password = ReadSecret(1)",
        "$password = $other",
        "$password = & get.ps1",
        "[password] = x AND [pwd]=y",
        "Connect $password $server; f($password, x)",
        "@{ User = $user; Password = $password; Server = $server }",
        "WHERE password = @password",
    ] {
        check(text);
    }
}

#[test]
fn command_lines() {
    for text in [
        "sqlcmd -S srv -U sa -P ‹x›",
        "sqlcmd.exe -S srv -P\"‹a b›\" -Q \"select 1; select 2\"",
        "& 'C:\\Tools\\sqlcmd.exe' -Q \"a; b\" -P ‹S3c)ret;›",
        "sqlcmd -S srv `\n  -P ‹x› `\n  -d db",
        "osql /U sa /P ‹x› /Q y",
        "bcp t out f -P‹x› -S srv",
        "curl -u user:‹x› https://h/p?a=1&b=2",
        "curl -s 'https://h/?a=1&b=2' --user \"user:‹x y›\"",
        "curl --user=user:‹x› -U proxy:‹y› h",
        "mysql -uroot -p‹x› db",
        "sshpass -p ‹x› ssh host",
        "ldapsearch -x -D cn=a -w ‹x› -b dc=b",
    ] {
        check(text);
    }
    for text in [
        "other -P x -p y -u a:b",
        "sqlcmd -S srv -p 1 -E",
        "sqlcmd -P $password -Q y",
        "sqlcmd -P %1 -Q y",
        "sqlcmd -S srv; robocopy a b -P x",
        "sqlcmd -S srv\ntar -P x",
        "curl -u user https://host",
        "curl -u user:$password https://host",
        "mysql -p database",
        "Get-Content -Path x | Select -Property y",
        "my-curl -u a:b",
    ] {
        check(text);
    }
}

#[test]
fn values_on_the_next_line() {
    for text in [
        "password:\n‹S3cret!›\nuser: x",
        "password:\r\n  ‹S3cret!›\r\nuser: x",
        "password =\r\n  ‹S3cret!›",
        "$password =\n  '‹x y›'",
        "{\"password\":\n  \"‹x y›\"}",
        "Pwd=\n‹Tr0ub=4dor›",
    ] {
        check(text);
    }
    for text in [
        "password:\nuser: x",
        "Pwd=\nServer=db1",
        "password:\n  - one\n  - two",
        "The password:\nit is asked for",
        "password:\n\nS3cret",
        "$password =\n  Get-Secret",
        "password:\nit is asked for later",
        "<password>\n</password>\n<x>y</x>",
        "\"password\":\n{\"a\":1}",
    ] {
        check(text);
    }
}

#[test]
fn a_secret_is_masked_wherever_it_stands_again() {
    for text in [
        "$password=\"‹S3cret!›\"; net user x ‹S3cret!›",
        "$user = 'a'; $password = '‹Winter›'; if ($x -eq '‹Winter›') { 'Winterthur' }",
        "Pwd=‹x7Y!›;App=a‹x7Y!›b",
        "login ‹hunter22› now; password: '‹hunter22›'",
    ] {
        check(text);
    }
    for text in ["Pwd=‹abc›;x=abc", "Pwd=‹password›;PasswordAge=7;x=password"] {
        check(text);
    }
}

#[test]
fn more_commands_tokens_and_names() {
    let github = format!("ghp_{}", "aB3".repeat(12));
    let fine = format!("github_pat_{}_{}", "aB3".repeat(7), "xY9".repeat(10));
    let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    for text in [
        "schtasks /create /tn x /ru svc /rp ‹S3cret!› /sc daily",
        "schtasks.exe /Change /TN x /RU svc /RP \"‹a b›\"",
        "net use Z: \\\\srv\\share ‹S3cret!› /user:bob",
        "net use \\\\srv\\share /user:bob ‹S3cret!›",
        "net.exe use \"\\\\srv\\a b\" \"‹a b›\" /user:bob",
        "net use $share ‹S3cret!› /user:bob",
        "Pass Word=‹x›;Server=y",
        "PassWord=‹x›;Server=y",
        "Kennwort=‹x›;Server=y",
        "MotDePasse=‹x›;Server=y",
        "mot_de_passe=‹x›;Server=y",
        "contraseña=‹x›;Server=y",
        "$Contraseña = '‹x›'",
        &format!("‹{github}›"),
        &format!("git clone https://x/‹{github}› here"),
        &format!("x='‹{fine}›'"),
        &format!("‹AKIAIOSFODNN7EXAMPLE›:‹{secret}›"),
        &format!("key ‹AKIAIOSFODNN7EXAMPLE›, '‹{secret}›', region x"),
    ] {
        check(text);
    }
    for text in [
        "net use Z: \\\\srv\\share /user:bob *",
        "net use Z: /delete; echo done",
        "net use \\\\srv\\share /persistent:yes",
        "net use \\\\srv\\share $password /user:bob",
        "the net use of a share",
        "schtasks /run /tn x",
        "ghp_short, thegithub_pat_x",
        "AKIAIOSFODNN7, MAKIAIOSFODNN7EXAMPLE",
        "one word=x; bypass word=y",
        "pin=1; salt=x",
    ] {
        check(text);
    }
    let rule = within(&format!("\"{github}\""), Style::Segments).map(|(text, _)| text);
    assert_eq!(rule.as_deref(), Some("\"‹secret›\""));
}

#[test]
fn users_before_hosts_and_web_tokens() {
    for text in [
        "user1:‹x›@host",
        "connect sync.svc:‹p@ss›@db1.contoso.com:1521/x",
        "sa:‹12345›@10.0.0.1",
        "url = admin:‹x/y›@proxy:8080",
        "‹eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_-9›",
        "x='‹eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.›'",
    ] {
        // A password with what should have been escaped reaches to its first sign only.
        let text = text.replace("‹p@ss›@db1", "‹p›@ss@db1");
        check(&text);
    }
    for text in [
        "anna.b@contoso.com",
        "smtp:anna@contoso.com;SMTP:bob@contoso.com",
        "mailto:anna@contoso.com",
        "Contact: anna@contoso.com",
        "UPN:anna@contoso.com",
        "at 12:30@noon, 2026-11-21T12:30:15@x",
        "CN=a:b@c,OU=x:y@z,DC=contoso,DC=com",
        "C:\\mail@home",
        "git@github.com:owner/repo@v1",
        "user:{password}@host, %USER%:%PW%@host, a:$p@host",
        "\"smtp:\" & [mail] & \"@contoso.com\"",
        "eyJ, eyJhbGc.x, heyJude.eyJ.abcdefghijklmnop",
    ] {
        check(text);
    }
    let rule = |text: &str| within(text, Style::Segments).map(|(text, _)| text);
    assert_eq!(rule("\"user:x@host\""), None);
    assert_eq!(
        rule("\"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc\"").as_deref(),
        Some("\"‹secret›\"")
    );
}

#[test]
fn rules_are_code_of_another_language() {
    let rule = |text: &str| within(text, Style::Segments).map(|(text, _)| text);
    assert_eq!(
        rule("\"Server=x;Pwd=abc;\" & [cn]").as_deref(),
        Some("\"Server=x;Pwd=‹secret›;\" & [cn]")
    );
    assert_eq!(
        rule("\"x;Password=abc\"&[cn]").as_deref(),
        Some("\"x;Password=‹secret›\"&[cn]")
    );
    for text in [
        "IIF([pwd]=\"abc\",\"x\",\"y\")",
        "\"Pwd=\"&[cn]",
        "IIF(IsPresent([userPassword]) && [token] = \"x\", NULL, [a])",
        "%Password%=\"x\"",
        "InStr([x],\"secret: 'y'\")",
        "[a]=[b]",
    ] {
        assert_eq!(rule(text), None, "{text}");
    }
}

#[test]
fn values_differ_when_a_masked_piece_does() {
    let mark = |text: &str| mask(text).1.unwrap();
    assert_eq!(mark("Pwd=a;x=1"), mark("Pwd=a;x=1"));
    assert_ne!(mark("Pwd=a;x=1"), mark("Pwd=b;x=1"));
    assert_ne!(mark("Pwd=a;Token=bc;"), mark("Pwd=ab;Token=c;"));
}

#[test]
fn large_texts_take_linear_time() {
    let started = std::time::Instant::now();
    for piece in [
        "pwd=“",
        "pwd=",
        "password=\"",
        "SecureString",
        "-SecureString ",
        "<password>",
        "://a:",
        "Bearer ",
        "{",
        "pwd={",
        "'",
        "credential(",
        "-----BEGIN ",
        "curl -u ",
        "sqlcmd -P",
        "a:b@c ",
        "a:",
        "eyJ.",
        "$pwd=a b ",
        "pwd=\n",
        "net use ",
        "net use \\\\a ",
        "AKIAIOSFODNN7EXAMPLE ",
        "ghp_",
    ] {
        let text = piece.repeat(400_000 / piece.len());
        let _ = mask(&text);
    }
    let many: String = (0..20_000).map(|number| format!("pwd=secret{number};")).collect();
    let _ = mask(&many);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
