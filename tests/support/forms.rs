//! An export whose rules have every element and attribute of a rule file, in
//! every form it can have.

use super::export::{Export, Flow, Rule, constant, direct, expression};

/// Rules in which every element and attribute of a rule occurs, in every form.
pub fn every_form() -> Export {
    let declared = Flow {
        declared: vec!["givenName".to_owned(), "sn".to_owned()],
        ..expression("displayName", "Trim([givenName]) & \" \" & [sn]")
    };
    let once = Flow {
        once: Some("True".to_owned()),
        merge: Some("MergeCaseInsensitive".to_owned()),
        ..direct("proxyAddresses", "proxyAddresses")
    };
    let never = Flow {
        once: Some("False".to_owned()),
        merge: None,
        ..expression("mail", "IIF(IsPresent([mail]), [mail], AuthoritativeNull)")
    };
    let mut full = Rule::inbound("In from AD - User Full", 50)
        .flow(direct("department", "department"))
        .flow(constant("cloudFiltered", "True"))
        .flow(constant("country", ""))
        .flow(declared)
        .flow(once)
        .flow(never)
        .join(&[("objectSid", "objectSid"), ("employeeID", "employeeID")])
        .join(&[("mail", "mail")])
        .scope(&[
            ("department", "EQUAL", "Sales"),
            ("adminDescription", "NOTSTARTSWITH", "User_"),
        ])
        .scope(&[("isCriticalSystemObject", "ISNULL", "")])
        .tagged("Microsoft.InfromADUserFull.001");
    full.description = "Everything a rule can have".to_owned();
    full.joins[0][0].2 = Some("True".to_owned());
    full.joins[0][1].2 = Some("False".to_owned());
    full.joins[1][0].2 = Some(String::new());
    full.soft_delete = "1.00:00:00".to_owned();
    let mut out = Rule::outbound("Out to AAD - User Full", 60)
        .flow(direct("displayName", "displayName"))
        .flow(expression("sourceAnchor", "[sourceAnchorBinary]"))
        .join(&[("sourceAnchor", "sourceAnchor")])
        .scope(&[("cloudFiltered", "NOTEQUAL", "True")]);
    out.link_type = "Provision".to_owned();
    out.passwords = Some("true".to_owned());
    Export::primary()
        .rule(full)
        .rule(out)
        .rule(Rule::inbound("In from AD - User Second", 51).flow(direct("department", "division")))
        .rule(Rule::inbound("In from AD - User Empty", 52).disabled())
}
