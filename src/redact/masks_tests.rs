//! Tests of masks: one name, one mask, in every spelling.

use super::*;

fn masks() -> Masks {
    let mut masks = Masks::default();
    masks.learn_value(NameKind::Server, "SYNC01");
    masks.learn_value(NameKind::Account, "Sync_SYNC01_ab@contoso.onmicrosoft.com");
    masks.learn_value(NameKind::Domain, "contoso.com");
    masks.learn_value(NameKind::Domain, "CORP");
    masks
}

#[test]
fn one_name_one_mask_whatever_its_spelling() {
    let mut masks = masks();
    assert_eq!(
        masks.masked("SYNC01 and sync01, not SYNC012"),
        "server-1 and server-1, not SYNC012"
    );
    assert_eq!(
        masks.masked("sync_sync01_ab@CONTOSO.onmicrosoft.com"),
        "account-1@tenant-1"
    );
    assert_eq!(masks.masked("OU=A,DC=contoso,DC=com"), "OU=A,domain-1");
    assert_eq!(masks.masked("OU=A, dc=Contoso, dc=COM"), "OU=A, domain-1");
    assert_eq!(
        masks.masked("DC=contoso ,DC=com; DC = contoso , DC = com"),
        "domain-1; domain-1"
    );
    assert_eq!(
        masks.masked("OU=A , DC=child ,DC=contoso  ,DC=com"),
        "OU=A , server-2.domain-1"
    );
    assert_eq!(masks.masked("Users of Contoso"), "Users of organisation-1");
}

#[test]
fn accounts_and_hosts_of_a_known_domain_are_masked_unasked() {
    let mut masks = masks();
    assert_eq!(masks.masked("anna.b@contoso.com"), "account-2@domain-1");
    assert_eq!(
        masks.masked(r"CORP\anna.b or CORP\Administrator"),
        r"domain-2\account-2 or domain-2\account-3"
    );
    assert_eq!(masks.masked("web9.contoso.com, web9"), "server-2.domain-1, server-2");
    assert_eq!(masks.masked("anna@fabrikam.com"), "anna@fabrikam.com");
}

#[test]
fn children_of_a_known_domain_have_one_mask_in_every_spelling() {
    let mut masks = masks();
    assert_eq!(masks.masked("child.contoso.com"), "server-2.domain-1");
    assert_eq!(
        masks.masked("OU=A,DC=child,DC=contoso,DC=com"),
        "OU=A,server-2.domain-1"
    );
    assert_eq!(
        masks.masked("a@web9.child.contoso.com"),
        "account-2@server-3.server-2.domain-1"
    );
    assert_eq!(
        masks.masked("DC=web9, DC=Child, DC=contoso, DC=com"),
        "server-3.server-2.domain-1"
    );
}

#[test]
fn ordinary_words_are_names_only_where_a_text_shows_it() {
    let mut masks = masks();
    masks.learn_ordinary("The mail attribute");
    assert_eq!(
        masks.masked("[mail] & \"@mail.contoso.com\""),
        "[mail] & \"@server-2.domain-1\""
    );
    assert_eq!(masks.masked("mail.contoso.com"), "server-2.domain-1");
}

#[test]
fn identifiers_and_addresses_are_masked_unless_everybody_has_them() {
    let mut masks = masks();
    masks.learn_public("b891884f-051e-4a83-95af-2544101c9083");
    masks.learn_public("2.6.92.0");
    masks.learn_value(NameKind::Server, "192.168.7.1");
    assert_eq!(
        masks.masked("Connector_{AE4D1F00-0000-4000-8000-00000000000A}.xml, ae4d1f00-0000-4000-8000-00000000000a"),
        "Connector_{id-1}.xml, id-1"
    );
    assert_eq!(
        masks.masked("{B891884F-051E-4A83-95AF-2544101C9083} 2.6.92.0 192 servers"),
        "{B891884F-051E-4A83-95AF-2544101C9083} 2.6.92.0 192 servers"
    );
    assert_eq!(
        masks.masked("192.168.7.1 fe80::2 FE80:0::2"),
        "address-1 address-2 address-2"
    );
}

#[test]
fn the_digits_of_a_guid_are_masked_where_the_guid_is_known() {
    let mut masks = masks();
    masks.learn_public("b891884f-051e-4a83-95af-2544101c9083");
    masks.learn_guids("x {6F0B1C2D-aaaa-4bbb-8ccc-0123456789ab} b891884f-051e-4a83-95af-2544101c9083");
    let other = "6C1E4340142D4906B50004CC0F450305";
    assert_eq!(
        masks.masked(&format!(
            "6f0b1c2daaaa4bbb8ccc0123456789AB {other} b891884f051e4a8395af2544101c9083"
        )),
        format!("id-1 {other} b891884f051e4a8395af2544101c9083")
    );
    assert_eq!(masks.masked("6f0b1c2d-aaaa-4bbb-8ccc-0123456789ab"), "id-1");
    // One that only another text shows, too.
    masks.masked("6C1E4340-142D-4906-B500-04CC0F450305");
    assert_eq!(masks.masked(other), "id-2");
}

#[test]
fn the_installation_of_an_account_is_masked_alone_too() {
    let mut masks = masks();
    masks.learn_value(NameKind::Account, "Sync_SYNC01_e3c03195e061@contoso.onmicrosoft.com");
    masks.learn_value(NameKind::Account, "svc_deadbeef");
    assert_eq!(
        masks.masked("by MSOL_e3c03195e061, installation E3C03195E061, deadbeef"),
        "by MSOL_id-1, installation id-1, deadbeef"
    );
    assert_eq!(masks.masked("Sync_SYNC01_e3c03195e061"), "account-2");
}

#[test]
fn a_masked_text_stays_as_it_is() {
    let mut masks = masks();
    let once = masks.masked(r"anna@contoso.com CORP\x-9 dc7.contoso.com SYNC01");
    assert_eq!(masks.masked(&once), once);
}
