//! Tests of what a node gives away, and of what stays plain.

use crate::intake::{Content, Limits, MASK, parse};

/// Content of the leaf at a path of child elements.
fn content(text: &str, path: &str) -> String {
    let tree = parse(text, &Limits::default()).unwrap();
    let node = path
        .split('/')
        .filter(|name| !name.is_empty())
        .fold(tree.root(), |node, name| node.child(name).unwrap());
    format!("{:?}", node.content())
}

#[test]
fn secret_elements_are_never_shown() {
    for name in [
        "cookie",
        "water-mark",
        "password",
        "Password",
        "bind-password",
        "client-secret",
        "apiKey",
        "forest-login-password",
    ] {
        let text = format!("<ma-data><{name}>hunter2</{name}></ma-data>");
        assert_eq!(content(&text, name), "Secret { present: true }");
    }
    let sealed = "<ma-data><encrypted-attributes><attribute name='hunter2'><x>hunter2</x></attribute></encrypted-attributes><y>z</y></ma-data>";
    assert_eq!(
        content(sealed, "encrypted-attributes/attribute/x"),
        "Secret { present: true }"
    );
    assert_eq!(content(sealed, "y"), "Plain(\"z\")");
    let tree = parse(sealed, &Limits::default()).unwrap();
    let inner = tree
        .root()
        .child("encrypted-attributes")
        .unwrap()
        .child("attribute")
        .unwrap();
    assert_eq!(inner.attribute("name"), Some(MASK));
    assert!(inner.attributes().all(|attribute| attribute.value == MASK));
    assert_eq!(
        content("<ma-data><password/></ma-data>", "password"),
        "Secret { present: false }"
    );
}

#[test]
fn secret_parameters_are_never_shown() {
    for attributes in [
        "name='Password' type='encrypted-string' encrypted='1'",
        "name='PasswordResetConfiguration' encrypted='1'",
        "name='Anything' encrypted='true'",
        "name='Anything' type='encrypted-string'",
        "name='Microsoft.Anything' encrypted='1'",
        "name='password' type='string'",
        "name='Password (auxiliary)'",
        "name='ApiKey'",
        "name='client_secret'",
        "name='access-key'",
        "name='Bearer Token'",
        "name='UserCredential'",
        "name='PIN'",
        "name='Card PIN'",
        "name='Salt'",
        "name='PasswordSalt'",
        "name='MotDePasse'",
        "name='Kennwort'",
        "name='Passwort'",
        "name='contraseña'",
        "name='Contraseña'",
        "name='cookie'",
        "name='water-mark'",
    ] {
        let text = format!("<ma-data><parameter {attributes}>hunter2</parameter></ma-data>");
        assert_eq!(content(&text, "parameter"), "Secret { present: true }", "{attributes}");
    }
    for definition in [
        "<name>Password</name><type>string</type>",
        "<name>X</name><type>encrypted-string</type>",
    ] {
        let text = format!("<a><parameter>{definition}<default-value>hunter2</default-value></parameter></a>");
        assert_eq!(content(&text, "parameter/default-value"), "Secret { present: true }");
        assert!(content(&text, "parameter/name").starts_with("Plain"));
    }
}

#[test]
fn ordinary_settings_stay_plain() {
    for name in [
        "password-sync",
        "password-sync-allowed",
        "EnablePasswordSync",
        "allow-low-security",
        "password-change-history-size",
        "password-management-enabled",
        "password-set-enabled",
        "aad-password-reset-config",
        "unlock-account",
    ] {
        assert_eq!(
            content(&format!("<ma-data><{name}>1</{name}></ma-data>"), name),
            "Plain(\"1\")"
        );
    }
    let nested = "<a><password-hash-sync-config><enabled>0</enabled></password-hash-sync-config>\
        <aad-password-reset-config><enabled>1</enabled></aad-password-reset-config></a>";
    assert_eq!(content(nested, "password-hash-sync-config/enabled"), "Plain(\"0\")");
    assert_eq!(content(nested, "aad-password-reset-config/enabled"), "Plain(\"1\")");
    for attributes in [
        "name='Microsoft.OptionalFeature.PasswordHashSync' use='SynchronizationGlobal'",
        "name='Microsoft.OptionalFeature.PasswordWriteback'",
        "name='Microsoft.Synchronize.ForceFullPasswordSync'",
        "name='KeyAttribute'",
        "name='Password Management Script'",
        "name='Token' type='drop-down'",
        "name='Secret' type='checkbox'",
        "name='UserName'",
        "name='Connection string'",
        "name=''",
    ] {
        let text = format!("<a><parameter {attributes} encrypted='0'>True</parameter></a>");
        assert_eq!(content(&text, "parameter"), "Plain(\"True\")", "{attributes}");
    }
}

#[test]
fn secrets_inside_values_are_masked() {
    let text = "<a><parameter name='Connection string' value='Pwd=hunter2'>Server=x;Pwd=hunter2</parameter><b password='hunter2' c='x'/></a>";
    assert_eq!(content(text, "parameter"), "Masked(\"Server=x;Pwd=‹secret›\")");
    let tree = parse(text, &Limits::default()).unwrap();
    let parameter = tree.root().child("parameter").unwrap();
    assert_eq!(parameter.attribute("value"), Some(MASK));
    assert_eq!(parameter.attribute("name"), Some("Connection string"));
    let b = tree.root().child("b").unwrap();
    assert_eq!(b.attribute("password"), Some(MASK));
    let contents: Vec<_> = b
        .attributes()
        .map(|attribute| format!("{:?}", attribute.content()))
        .collect();
    assert_eq!(contents, ["Secret { present: true }", "Plain(\"x\")"]);
    assert!(!format!("{:?}", b.attributes().collect::<Vec<_>>()).contains("hunter2"));
}

#[test]
fn rules_are_masked_only_in_connection_strings() {
    let text = "<synchronizationRule><expression>IIF([pwd]=\"abc\",\"Server=x;Pwd=hunter2\",$password)</expression>\
        <csValue>Pwd=hunter2</csValue><password>x</password></synchronizationRule>";
    assert_eq!(
        content(text, "expression"),
        "Masked(\"IIF([pwd]=\\\"abc\\\",\\\"Server=x;Pwd=‹secret›\\\",$password)\")"
    );
    assert_eq!(content(text, "csValue"), "Masked(\"Pwd=‹secret›\")");
    assert_eq!(content(text, "password"), "Secret { present: true }");
}

#[test]
fn equality_of_secrets_is_kept() {
    let mark = |text: &str| {
        let text = format!("<a><password>{text}</password></a>");
        let tree = parse(&text, &Limits::default()).unwrap();
        match tree.root().child("password").unwrap().content() {
            Content::Secret(secret) => secret,
            other => panic!("{other:?}"),
        }
    };
    assert!(mark("a") == mark("a") && mark("a") != mark("b"));
    assert!(mark("") == mark(" \n"), "both are empty");
}
