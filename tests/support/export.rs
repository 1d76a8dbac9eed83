//! A small export of one server, easy to change and to write to a folder.

use super::xml::leaf;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Identifier of the Entra connector on every server.
pub const ENTRA: &str = "b891884f-051e-4a83-95af-2544101c9083";

/// How a flow gets its value.
#[derive(Debug, Clone)]
pub enum Source {
    Direct(String),
    Constant(String),
    Expression(String),
}

/// One attribute flow.
#[derive(Debug, Clone)]
pub struct Flow {
    pub target: String,
    pub source: Source,
    pub merge: Option<String>,
    pub once: Option<String>,
    /// `src/attr` beside an expression.
    pub declared: Vec<String>,
}

/// A flow of one attribute into another.
pub fn direct(target: &str, source: &str) -> Flow {
    Flow {
        target: target.to_owned(),
        source: Source::Direct(source.to_owned()),
        merge: Some("Update".to_owned()),
        once: None,
        declared: Vec::new(),
    }
}

/// A flow of a constant.
pub fn constant(target: &str, value: &str) -> Flow {
    Flow {
        source: Source::Constant(value.to_owned()),
        ..direct(target, "")
    }
}

/// A flow of an expression.
pub fn expression(target: &str, value: &str) -> Flow {
    Flow {
        source: Source::Expression(value.to_owned()),
        ..direct(target, "")
    }
}

/// A synchronization rule.
#[derive(Debug, Clone)]
pub struct Rule {
    pub guid: String,
    pub name: String,
    pub description: String,
    pub tag: String,
    pub direction: String,
    pub disabled: Option<String>,
    pub connector: String,
    pub source_type: String,
    pub target_type: String,
    pub link_type: String,
    pub precedence: String,
    pub soft_delete: String,
    pub passwords: Option<String>,
    pub flows: Vec<Flow>,
    /// Groups of (connector attribute, metaverse attribute, case-sensitive text).
    pub joins: Vec<Vec<(String, String, Option<String>)>>,
    /// Groups of (attribute, operator, value).
    pub scope: Vec<Vec<(String, String, String)>>,
    /// Raw XML inside the root, for what the fields above do not cover.
    pub extra: String,
}

impl Rule {
    /// An inbound user rule of the AD connector.
    pub fn inbound(name: &str, precedence: u32) -> Rule {
        Rule {
            guid: String::new(),
            name: name.to_owned(),
            description: String::new(),
            tag: String::new(),
            direction: "Inbound".to_owned(),
            disabled: Some("False".to_owned()),
            connector: "contoso.com".to_owned(),
            source_type: "user".to_owned(),
            target_type: "person".to_owned(),
            link_type: "Join".to_owned(),
            precedence: precedence.to_string(),
            soft_delete: "00:00:00".to_owned(),
            passwords: Some("false".to_owned()),
            flows: Vec::new(),
            joins: Vec::new(),
            scope: Vec::new(),
            extra: String::new(),
        }
    }

    /// An outbound user rule of the Entra connector.
    pub fn outbound(name: &str, precedence: u32) -> Rule {
        Rule {
            direction: "Outbound".to_owned(),
            connector: "entra".to_owned(),
            source_type: "person".to_owned(),
            target_type: "user".to_owned(),
            ..Rule::inbound(name, precedence)
        }
    }

    /// With a product tag.
    pub fn tagged(mut self, tag: &str) -> Rule {
        self.tag = tag.to_owned();
        self
    }

    /// With a flow.
    pub fn flow(mut self, flow: Flow) -> Rule {
        self.flows.push(flow);
        self
    }

    /// With a join group of (connector attribute, metaverse attribute).
    pub fn join(mut self, group: &[(&str, &str)]) -> Rule {
        let group = group
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned(), None))
            .collect();
        self.joins.push(group);
        self
    }

    /// With a scope group of (attribute, operator, value).
    pub fn scope(mut self, group: &[(&str, &str, &str)]) -> Rule {
        let group = group
            .iter()
            .map(|(a, o, v)| ((*a).to_owned(), (*o).to_owned(), (*v).to_owned()))
            .collect();
        self.scope.push(group);
        self
    }

    /// Disabled.
    pub fn disabled(mut self) -> Rule {
        self.disabled = Some("True".to_owned());
        self
    }

    fn xml(&self, connector: &str, guid: &str) -> String {
        let optional = |name: &str, value: &Option<String>| match value {
            Some(value) => format!("  {}\n", leaf(name, value)),
            None => String::new(),
        };
        let mut xml = String::from("<synchronizationRule>\n");
        let zero = "{00000000-0000-0000-0000-000000000000}";
        for (name, value) in [
            ("id", format!("{{{guid}}}")),
            ("internal-id", format!("{{{guid}}}")),
            ("version", "1".to_owned()),
            ("name", self.name.clone()),
            ("description", self.description.clone()),
            ("immutable-tag", self.tag.clone()),
            ("direction", self.direction.clone()),
        ] {
            xml.push_str(&format!("  {}\n", leaf(name, &value)));
        }
        xml.push_str(&optional("disabled", &self.disabled));
        for (name, value) in [
            ("connector", format!("{{{connector}}}")),
            ("sourceObjectType", self.source_type.clone()),
            ("targetObjectType", self.target_type.clone()),
            ("linkType", self.link_type.clone()),
            ("precedence", self.precedence.clone()),
            ("precedence-after", zero.to_owned()),
            ("precedence-before", zero.to_owned()),
            ("softDeleteExpiryInterval", self.soft_delete.clone()),
        ] {
            xml.push_str(&format!("  {}\n", leaf(name, &value)));
        }
        xml.push_str(&optional("EnablePasswordSync", &self.passwords));
        xml.push_str("  <attribute-mappings>\n");
        for flow in &self.flows {
            xml.push_str(&flow_xml(flow));
        }
        xml.push_str("  </attribute-mappings>\n  <relationshipCriteria>\n");
        for group in &self.joins {
            xml.push_str("    <conditions>\n");
            for (cs, mv, case) in group {
                let case = case
                    .as_ref()
                    .map(|case| leaf("caseSensitive", case))
                    .unwrap_or_default();
                xml.push_str(&format!(
                    "      <condition>{case}{}{}</condition>\n",
                    leaf("csAttribute", cs),
                    leaf("ilmAttribute", mv)
                ));
            }
            xml.push_str("    </conditions>\n");
        }
        xml.push_str("  </relationshipCriteria>\n  <synchronizationCriteria>\n");
        for group in &self.scope {
            xml.push_str("    <conditions>\n");
            for (attribute, operator, value) in group {
                xml.push_str(&format!(
                    "      <scope>{}{}{}</scope>\n",
                    leaf("csAttribute", attribute),
                    leaf("csOperator", operator),
                    leaf("csValue", value)
                ));
            }
            xml.push_str("    </conditions>\n");
        }
        xml.push_str("  </synchronizationCriteria>\n");
        xml.push_str(&self.extra);
        xml.push_str("</synchronizationRule>\n");
        xml
    }
}

fn flow_xml(flow: &Flow) -> String {
    let once = flow
        .once
        .as_ref()
        .map(|once| format!(" execute-once=\"{once}\""))
        .unwrap_or_default();
    let attributes = |names: &[String]| names.iter().map(|name| leaf("attr", name)).collect::<String>();
    let source = match &flow.source {
        Source::Direct(attribute) => format!("<src>{}</src>", leaf("attr", attribute)),
        Source::Constant(text) => leaf("src", text),
        Source::Expression(text) => {
            let declared = if flow.declared.is_empty() {
                String::new()
            } else {
                format!("<src>{}</src>", attributes(&flow.declared))
            };
            format!("{declared}{}", leaf("expression", text))
        }
    };
    let merge = flow
        .merge
        .as_ref()
        .map(|merge| leaf("valueMergeType", merge))
        .unwrap_or_default();
    format!(
        "    <mapping{once}>{}{source}{merge}</mapping>\n",
        leaf("dest", &flow.target)
    )
}

/// A server's export.
#[derive(Debug, Clone)]
pub struct Export {
    pub server: String,
    pub build: String,
    pub staging: bool,
    pub exported: String,
    pub tenant: String,
    /// (name of the connector, forest).
    pub forests: Vec<(String, String)>,
    pub rules: Vec<Rule>,
    /// More global parameters.
    pub parameters: Vec<(String, String)>,
}

impl Export {
    /// The active server.
    pub fn primary() -> Export {
        Export {
            server: "SYNC01".to_owned(),
            build: "2.6.92.0".to_owned(),
            staging: false,
            exported: "2026-11-20 23:30:00.000".to_owned(),
            tenant: "contoso.onmicrosoft.com".to_owned(),
            forests: vec![("contoso.com".to_owned(), "contoso.com".to_owned())],
            rules: Vec::new(),
            parameters: Vec::new(),
        }
    }

    /// The staging server, with the same rules as `primary`.
    pub fn staging_of(primary: &Export) -> Export {
        Export {
            server: "SYNC02".to_owned(),
            staging: true,
            exported: "2026-11-20 23:45:00.000".to_owned(),
            ..primary.clone()
        }
    }

    /// With a rule.
    pub fn rule(mut self, rule: Rule) -> Export {
        self.rules.push(rule);
        self
    }

    /// The rule of this name.
    pub fn rule_mut(&mut self, name: &str) -> &mut Rule {
        self.rules
            .iter_mut()
            .find(|rule| rule.name == name)
            .expect("a rule of this name")
    }

    /// A GUID that is this server's own.
    pub fn guid(&self, what: &str) -> String {
        let mut hash: u128 = 0xcbf2_9ce4_8422_2325;
        for byte in self.server.bytes().chain([0]).chain(what.bytes()) {
            hash = (hash ^ u128::from(byte)).wrapping_mul(0x0000_0001_0000_01b3_0000_0000_0000_013b);
        }
        let hex = format!("{hash:032x}");
        format!(
            "{}-{}-{}-{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..]
        )
    }

    /// GUID of a connector by its forest's name, `entra` for the Entra connector; other text stands for itself.
    pub fn connector(&self, name: &str) -> String {
        if name == "entra" {
            ENTRA.to_owned()
        } else if self.forests.iter().any(|(connector, _)| connector == name) {
            self.guid(&format!("connector {name}"))
        } else {
            name.to_owned()
        }
    }

    /// Writes the export.
    pub fn write(&self, folder: &Path) {
        for part in ["Connectors", "GlobalSettings", "SynchronizationRules"] {
            fs::create_dir_all(folder.join(part)).expect("a folder");
        }
        fs::write(folder.join("GlobalSettings/MV.xml"), self.global_settings()).expect("a file");
        for (name, forest) in &self.forests {
            let guid = self.connector(name);
            let xml = format!(
                "<ma-data>\n{}{}<category>AD</category><description /><subtype />\
                 <private-configuration><adma-configuration>{}</adma-configuration></private-configuration></ma-data>\n",
                leaf("id", &format!("{{{}}}", guid.to_uppercase())),
                leaf("name", name),
                leaf("forest-name", forest)
            );
            fs::write(folder.join(format!("Connectors/Connector_{{{guid}}}.xml")), xml).expect("a file");
        }
        let xml = format!(
            "<ma-data>\n{}{}<category>Extensible2</category><description />\
             <subtype>Windows Azure Active Directory (Microsoft)</subtype></ma-data>\n",
            leaf("id", &format!("{{{}}}", ENTRA.to_uppercase())),
            leaf("name", &format!("{} - AAD", self.tenant))
        );
        fs::write(folder.join(format!("Connectors/Connector_{{{ENTRA}}}.xml")), xml).expect("a file");
        for (index, rule) in self.rules.iter().enumerate() {
            let guid = if rule.guid.is_empty() {
                self.guid(&format!("rule {index} {}", rule.name))
            } else {
                rule.guid.clone()
            };
            let xml = rule.xml(&self.connector(&rule.connector), &guid);
            let file = format!("SynchronizationRules/SynchronizationRule_{{{guid}}}_{index}.xml");
            fs::write(folder.join(file), xml).expect("a file");
        }
    }

    fn global_settings(&self) -> String {
        let mut parameters = vec![
            (
                "Microsoft.Synchronize.StagingMode",
                if self.staging { "True" } else { "False" },
            ),
            ("Microsoft.Synchronize.ServerConfigurationVersion", self.build.as_str()),
        ];
        parameters.extend(
            self.parameters
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        );
        let parameters: String = parameters
            .iter()
            .map(|(name, value)| {
                format!(
                    "<parameter name=\"{name}\" type=\"string\" use=\"SynchronizationGlobal\" dataType=\"String\">{value}</parameter>\n"
                )
            })
            .collect();
        format!(
            "<saved-mv-configuration server='{}' export-date='{}'>\n<mv-data>\n<format-version>1</format-version>\n\
             <version>695</version>\n<parameter-values>\n{parameters}</parameter-values>\n</mv-data>\n</saved-mv-configuration>\n",
            self.server, self.exported
        )
    }
}

/// Two exports in a temporary folder.
pub struct Pair {
    pub folder: TempDir,
}

impl Pair {
    /// Writes both.
    pub fn of(primary: &Export, staging: &Export) -> Pair {
        let folder = TempDir::new().expect("a temporary folder");
        let pair = Pair { folder };
        primary.write(&pair.primary());
        staging.write(&pair.staging());
        pair
    }

    /// The primary's folder.
    pub fn primary(&self) -> PathBuf {
        self.folder.path().join("primary")
    }

    /// Staging's folder.
    pub fn staging(&self) -> PathBuf {
        self.folder.path().join("staging")
    }

    /// Beside the two servers there are so many files: nothing was left behind.
    pub fn assert_nothing_else_but(&self, files: usize) {
        let all = std::fs::read_dir(self.folder.path()).expect("the folder");
        let names: Vec<_> = all.map(|entry| entry.expect("an entry").file_name()).collect();
        assert_eq!(names.len(), 2 + files, "nothing is left beside it: {names:?}");
    }

    /// Compares both.
    pub fn compare(&self) -> super::Compared {
        super::compare(&self.primary(), &self.staging())
    }
}

/// Compares two exports.
pub fn compare(primary: &Export, staging: &Export) -> super::Compared {
    Pair::of(primary, staging).compare()
}
