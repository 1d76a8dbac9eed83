//! What the document of a real export holds, section by section, counted
//! against the XML by a reader of its own.
//!
//! | part of the export | section | test |
//! |---|---|---|
//! | server, export date, files | Overview | `the_server` |
//! | global parameters | Global settings | `global_settings` |
//! | object types, attributes, precedence | Metaverse | `metaverse_attributes`, `inbound_precedence` |
//! | provisioning inbound rules | Metaverse deletion rules | `deletion_rules` |
//! | properties, connection, capabilities | connector | `leaves_of_connectors` |
//! | partitions, containers, credentials | Partitions | `partitions` |
//! | component mappings, classes, anchors | connector | `small_tables_of_connectors` |
//! | object types, selected attributes | connector | `selections` |
//! | flows in both directions | End-to-end attribute flows | `end_to_end` |
//! | provisioning, sticky and conditional joins | Provisioning and joins | `summaries` |
//! | rules in full | Synchronization rules | `rules` |
//! | run profiles, steps | Run profiles | `run_profiles` |
//! | everything else | JSON | `every_value_is_in_the_objects` |

use crate::support::pages::{Part, Table, parts};
use crate::support::{data, run, text};
use roxmltree::{Document, Node};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

/// An export and what is said about it.
struct World {
    files: BTreeMap<String, String>,
    json: Value,
    parts: Vec<Part>,
}

/// `None`, with a visible line, where the export is absent.
fn world() -> Option<&'static World> {
    static WORLD: OnceLock<Option<World>> = OnceLock::new();
    WORLD.get_or_init(|| data("contoso").map(read)).as_ref()
}

fn read(folder: PathBuf) -> World {
    let mut files = BTreeMap::new();
    for part in ["Connectors", "GlobalSettings", "SynchronizationRules"] {
        for entry in fs::read_dir(folder.join(part)).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{part}/{}", path.file_name().unwrap().to_string_lossy());
            files.insert(name, fs::read_to_string(path).unwrap());
        }
    }
    let of = |format: &str| {
        let run = run(["document", folder.to_str().unwrap(), "--format", format]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    World {
        files,
        json: serde_json::from_str(&of("json")).unwrap(),
        parts: parts(&of("markdown")),
    }
}

/// Text of an element's child, trimmed.
fn child(node: Node<'_, '_>, name: &str) -> String {
    at(node, &[name])
        .and_then(|node| node.text().map(|text| text.trim().to_owned()))
        .unwrap_or_default()
}

fn at<'n, 'd>(node: Node<'n, 'd>, path: &[&str]) -> Option<Node<'n, 'd>> {
    let mut node = node;
    for name in path {
        node = node.children().find(|child| child.tag_name().name() == *name)?;
    }
    Some(node)
}

fn all<'n, 'd>(node: Node<'n, 'd>, name: &'static str) -> impl Iterator<Item = Node<'n, 'd>> {
    node.descendants().filter(move |node| node.tag_name().name() == name)
}

fn own<'n, 'd>(node: Node<'n, 'd>, name: &'static str) -> impl Iterator<Item = Node<'n, 'd>> {
    node.children().filter(move |node| node.tag_name().name() == name)
}

fn content(node: Node<'_, '_>) -> String {
    node.text().unwrap_or_default().trim().to_owned()
}

fn truth(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text == "1"
}

fn yes(is: bool) -> String {
    if is { "Yes" } else { "No" }.to_owned()
}

/// What kind of value a syntax is.
fn kind(oid: &str) -> &'static str {
    match oid.rsplit('.').next().unwrap() {
        "27" | "906" => "Number",
        "7" => "Boolean",
        "5" | "40" => "Binary",
        "12" => "Reference",
        "24" | "53" => "Date and time",
        _ => "String",
    }
}

/// A rule as the XML has it.
struct Rule {
    name: String,
    connector: String,
    inbound: bool,
    live: bool,
    precedence: i64,
    source_type: String,
    target_type: String,
    link_type: String,
    header: Vec<(String, String)>,
    /// Groups of (attribute, operator, value).
    scope: Vec<Vec<[String; 3]>>,
    /// Groups of (connector's, metaverse's, case).
    joins: Vec<Vec<[String; 3]>>,
    /// Target, source, type, once, merge type; attributes that are read.
    flows: Vec<([String; 5], BTreeSet<String>)>,
}

impl World {
    /// Each connector's element and the heading of its part.
    fn each_connector(&self, mut check: impl FnMut(Node<'_, '_>, &str)) {
        for file in self.connectors() {
            let document = Document::parse(file).unwrap();
            let root = document.root_element();
            check(root, &format!("Connector {}", child(root, "name")));
        }
    }

    fn connectors(&self) -> Vec<&str> {
        let own = self.files.iter().filter(|(path, _)| path.starts_with("Connectors"));
        own.map(|(_, text)| text.as_str()).collect()
    }

    fn names(&self) -> BTreeMap<String, String> {
        let name = |text: &&str| {
            let document = Document::parse(text).unwrap();
            let root = document.root_element();
            (child(root, "id").to_lowercase(), child(root, "name"))
        };
        self.connectors().iter().map(name).collect()
    }

    fn rules(&self) -> Vec<Rule> {
        let names = self.names();
        let files = self
            .files
            .iter()
            .filter(|(path, _)| path.starts_with("SynchronizationRules"));
        let mut rules: Vec<Rule> = files.map(|(_, text)| rule(text, &names)).collect();
        rules.sort_by_key(|rule| rule.precedence);
        assert_eq!(rules.len(), 62);
        rules
    }

    fn global<T>(&self, read: impl FnOnce(Node<'_, '_>) -> T) -> T {
        let document = Document::parse(&self.files["GlobalSettings/MV.xml"]).unwrap();
        read(document.root_element())
    }

    /// The part below these last headings; `within` is one of the outer ones.
    fn part(&self, within: &str, title: &str) -> &Part {
        let fits = |part: &&Part| {
            part.path.last().is_some_and(|last| last == title) && part.path.iter().any(|outer| outer == within)
        };
        let mut found = self.parts.iter().filter(fits);
        let part = found.next().unwrap_or_else(|| panic!("{title} within {within}"));
        assert!(found.next().is_none(), "{title} twice within {within}");
        part
    }
}

impl Part {
    fn table(&self, title: &str) -> &Table {
        self.find(title).unwrap_or_else(|| panic!("{title} of {:?}", self.path))
    }

    fn find(&self, title: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.title == title)
    }

    /// Values by what the export calls them.
    fn settings(&self) -> BTreeMap<String, String> {
        let with = self
            .tables
            .iter()
            .filter(|table| table.columns.iter().any(|column| column == "In the export"));
        let rows = with.flat_map(|table| table.of(["In the export", "Value"]));
        rows.map(|[name, value]| (name, value)).collect()
    }
}

fn rule(text: &str, names: &BTreeMap<String, String>) -> Rule {
    let document = Document::parse(text).unwrap();
    let root = document.root_element();
    let header = root
        .children()
        .filter(|node| node.is_element() && !node.children().any(|child| child.is_element()));
    let header = header
        .map(|node| (node.tag_name().name().to_owned(), content(node)))
        .filter(|(name, _)| {
            ![
                "connector",
                "attribute-mappings",
                "relationshipCriteria",
                "synchronizationCriteria",
            ]
            .contains(&name.as_str())
        });
    let groups = |outer: &str, inner: &'static str, fields: [&str; 3]| -> Vec<Vec<[String; 3]>> {
        let Some(outer) = at(root, &[outer]) else {
            return Vec::new();
        };
        let group = |group: Node<'_, '_>| {
            own(group, inner)
                .map(|node| fields.map(|field| child(node, field)))
                .collect()
        };
        own(outer, "conditions").map(group).collect()
    };
    let mut joins = groups(
        "relationshipCriteria",
        "condition",
        ["csAttribute", "ilmAttribute", "caseSensitive"],
    );
    joins
        .iter_mut()
        .flatten()
        .for_each(|join| join[2] = yes(truth(&join[2])));
    Rule {
        name: child(root, "name"),
        connector: names[&child(root, "connector")].clone(),
        inbound: child(root, "direction") == "Inbound",
        live: !truth(&child(root, "disabled")),
        precedence: child(root, "precedence").parse().unwrap(),
        source_type: child(root, "sourceObjectType"),
        target_type: child(root, "targetObjectType"),
        link_type: child(root, "linkType"),
        header: header.collect(),
        scope: groups(
            "synchronizationCriteria",
            "scope",
            ["csAttribute", "csOperator", "csValue"],
        ),
        joins,
        flows: all(root, "mapping").map(flow).collect(),
    }
}

fn flow(mapping: Node<'_, '_>) -> ([String; 5], BTreeSet<String>) {
    let expression = child(mapping, "expression");
    let attribute = at(mapping, &["src", "attr"]).map(content);
    let (source, kind) = match (&expression, attribute) {
        (expression, _) if !expression.is_empty() => (expression.clone(), "Expression"),
        (_, Some(attribute)) => (format!("[{attribute}]"), "Direct"),
        (_, None) => (format!("\"{}\"", child(mapping, "src")), "Constant"),
    };
    // Names in strings are none, save where a function takes one; the sample has no other such string.
    let between = |open: &str, close: char| -> Vec<String> {
        let pieces = source.split(open).skip(1).filter_map(|piece| piece.split_once(close));
        pieces.map(|(name, _)| name.to_lowercase()).collect()
    };
    let reads = match kind {
        "Constant" => BTreeSet::new(),
        _ => between("[", ']')
            .into_iter()
            .chain(between("ValueCount(\"", '"'))
            .collect(),
    };
    let once = yes(mapping.attribute("execute-once").is_some_and(truth));
    let merge = child(mapping, "valueMergeType");
    ([child(mapping, "dest"), source, kind.to_owned(), once, merge], reads)
}

/// `(a AND b) OR (c)`.
fn in_words(groups: &[Vec<[String; 3]>]) -> String {
    let clause =
        |[attribute, operator, value]: &[String; 3]| format!("{attribute} {operator} {value}").trim().to_owned();
    let groups: Vec<String> = groups
        .iter()
        .map(|group| group.iter().map(clause).collect::<Vec<_>>().join(" AND "))
        .collect();
    match groups.as_slice() {
        [] => "(every object)".to_owned(),
        [one] => one.clone(),
        many => many
            .iter()
            .map(|group| format!("({group})"))
            .collect::<Vec<_>>()
            .join(" OR "),
    }
}

#[test]
fn the_server() {
    let Some(world) = world() else { return };
    let overview = world.part("Overview", "Overview");
    let (server, date) = world.global(|root| {
        (
            root.attribute("server").unwrap().to_owned(),
            root.attribute("export-date").unwrap()[..10].to_owned(),
        )
    });
    let facts: BTreeMap<String, String> = overview.tables[0]
        .of(["Fact", "Value"])
        .into_iter()
        .map(|[a, b]| (a, b))
        .collect();
    assert_eq!(facts["Server"], server);
    assert!(facts["Exported"].starts_with(&date));
    assert_eq!(overview.table("Files").rows.len(), world.files.len());
    let counts: BTreeMap<String, String> = overview
        .table("What there is")
        .of(["What", "Count"])
        .into_iter()
        .map(|[a, b]| (a, b))
        .collect();
    let rules = world.rules();
    let count = |test: &dyn Fn(&Rule) -> usize| rules.iter().map(test).sum::<usize>().to_string();
    assert_eq!(counts["Synchronization rules"], "62");
    assert_eq!(counts["Attribute flows"], count(&|rule| rule.flows.len()));
    assert_eq!(counts["Attribute flows"], "1200");
    assert_eq!(
        counts["Scoping clauses"],
        count(&|rule| rule.scope.iter().map(Vec::len).sum())
    );
    assert_eq!(counts["Scoping clauses"], "92");
    assert_eq!(
        counts["Join conditions"],
        count(&|rule| rule.joins.iter().map(Vec::len).sum())
    );
    assert_eq!(counts["Join conditions"], "40");
}

/// What a value is in the document: flags as words, nothing as `(empty)`.
fn shown(value: &str) -> BTreeSet<String> {
    let mut forms = BTreeSet::from([value.to_owned()]);
    match value {
        "" => drop(forms.insert("(empty)".to_owned())),
        "1" | "0" | "True" | "False" | "true" | "false" => drop(forms.insert(yes(truth(value)))),
        _ => {}
    }
    forms
}

#[test]
fn global_settings() {
    let Some(world) = world() else { return };
    let settings = world.part("Global settings", "Global settings").settings();
    let mut seen = 0;
    world.global(|root| {
        for parameter in all(root, "parameter") {
            let name = parameter.attribute("name").unwrap();
            let value = settings.get(name).unwrap_or_else(|| panic!("{name}"));
            assert!(shown(&content(parameter)).contains(value), "{name}: {value}");
            seen += 1;
        }
        for other in ["version", "password-change-history-size", "format-version"] {
            assert_eq!(settings[other], child(at(root, &["mv-data"]).unwrap(), other));
        }
    });
    assert_eq!(seen, 37);
}

#[test]
fn metaverse_attributes() {
    let Some(world) = world() else { return };
    let rules = world.rules();
    let mut bound = 0;
    world.global(|root| {
        let types: BTreeMap<String, Node<'_, '_>> = all(root, "attribute-type")
            .map(|node| (child(node, "name"), node))
            .collect();
        for class in all(root, "class") {
            let name = child(class, "name");
            let mut wanted: Vec<[String; 5]> = Vec::new();
            for attribute in own(class, "attribute") {
                let find = |wanted: &str| {
                    attribute
                        .attributes()
                        .find(|own| own.name() == wanted)
                        .map(|own| own.value().to_owned())
                };
                let key = find("ref").unwrap().trim_start_matches('#').to_owned();
                let of = types[&key];
                let has = |wanted: &str| {
                    of.attributes()
                        .find(|own| own.name() == wanted)
                        .is_some_and(|own| truth(own.value()))
                };
                let indexed = match (has("indexed"), has("indexable")) {
                    (true, _) => "Yes",
                    (_, true) => "No (indexable)",
                    _ => "No (non-indexable)",
                };
                let required = yes(find("required").is_some_and(|text| truth(&text)));
                wanted.push([
                    key,
                    kind(&child(of, "syntax")).to_owned(),
                    yes(!has("single-value")),
                    indexed.to_owned(),
                    required,
                ]);
                bound += 1;
            }
            wanted.sort();
            let table = world.part("Metaverse", &name).table("Attributes");
            assert_eq!(
                table.of(["Attribute", "Type", "Multi-valued", "Indexed", "Required"]),
                wanted,
                "{name}"
            );
            for row in &table.rows {
                let attribute = table.cell(row, "Attribute").to_lowercase();
                let feeds = |rule: &&Rule| {
                    let own = rule.target_type == name || rule.target_type == "*";
                    rule.live
                        && rule.inbound
                        && own
                        && rule.flows.iter().any(|(flow, _)| flow[0].to_lowercase() == attribute)
                };
                let fed = rules.iter().filter(feeds).count();
                let wanted = if fed == 0 { String::new() } else { fed.to_string() };
                assert_eq!(table.cell(row, "Rules that feed it"), wanted, "{name}.{attribute}");
            }
        }
    });
    assert_eq!(bound, 297);
}

#[test]
fn inbound_precedence() {
    let Some(world) = world() else { return };
    let rules = world.rules();
    let mut rows = 0;
    for object_type in ["device", "group", "person"] {
        let mut wanted: Vec<[String; 6]> = Vec::new();
        let mut ranks: BTreeMap<String, usize> = BTreeMap::new();
        let taking = rules
            .iter()
            .filter(|rule| rule.target_type == object_type || rule.target_type == "*");
        for rule in taking.filter(|rule| rule.live && rule.inbound) {
            for (flow, _) in &rule.flows {
                let rank = ranks.entry(flow[0].to_lowercase()).or_default();
                *rank += 1;
                wanted.push([
                    flow[0].to_lowercase(),
                    rank.to_string(),
                    rule.connector.clone(),
                    rule.name.clone(),
                    flow[1].clone(),
                    in_words(&rule.scope),
                ]);
            }
        }
        wanted.sort();
        let table = world.part("Metaverse", object_type).table("Inbound precedence");
        let columns = ["Attribute", "Rank", "Connector", "Inbound rule", "Source", "Scope"];
        let mut found = table.of(columns);
        found.iter_mut().for_each(|row| {
            row[0] = row[0].to_lowercase();
            // A merged value is said beside the rank.
            row[1] = row[1].split(' ').next().unwrap().to_owned();
        });
        found.sort();
        assert_eq!(found, wanted, "{object_type}");
        rows += found.len();
    }
    assert!(rows > 500, "{rows}");
}

#[test]
fn deletion_rules() {
    let Some(world) = world() else { return };
    let provisions =
        |rule: &&Rule| rule.live && rule.inbound && ["Provision", "StickyJoin"].contains(&rule.link_type.as_str());
    let rules = world.rules();
    let keepers = rules.iter().filter(provisions);
    let mut wanted: Vec<[String; 4]> = keepers
        .map(|rule| [&rule.target_type, &rule.connector, &rule.name, &rule.link_type].map(String::clone))
        .collect();
    wanted.sort();
    assert_eq!(wanted.len(), 5);
    let table = &world.part("Metaverse", "Metaverse deletion rules").tables[0];
    assert_eq!(table.of(["Object type", "Connector", "Rule", "Link type"]), wanted);
}

#[test]
fn leaves_of_connectors() {
    let Some(world) = world() else { return };
    let mut seen = 0;
    world.each_connector(|root, title| {
        let within = world
            .parts
            .iter()
            .filter(|part| part.path.iter().any(|name| name == title));
        let values: BTreeSet<(String, String)> = within.flat_map(|part| part.settings()).collect();
        let elsewhere = [
            "schema",
            "ma-partition-data",
            "ma-run-data",
            "attribute-inclusion",
            "component_mappings",
        ];
        let listed = ["primary_class_mappings", "importing", "parameter-definitions"];
        for node in root
            .descendants()
            .filter(|node| node.is_element() && !node.children().any(|child| child.is_element()))
        {
            let outer: Vec<&str> = node.ancestors().map(|node| node.tag_name().name()).collect();
            if outer
                .iter()
                .any(|name| elsewhere.contains(name) || listed.contains(name))
            {
                continue;
            }
            let name = node.attribute("name").unwrap_or(node.tag_name().name());
            let value = content(node);
            let here = |(own, shown_as): &(String, String)| {
                own.contains(name) && (shown(&value).contains(shown_as) || shown_as == "(secret)")
            };
            let reference = name == "target" && world.names().contains_key(&value.to_lowercase());
            assert!(reference || values.iter().any(here), "{title}: {name} = {value}");
            seen += 1;
        }
    });
    assert!(seen > 90, "{seen}");
}

#[test]
fn partitions() {
    let Some(world) = world() else { return };
    let mut seen = 0;
    world.each_connector(|root, title| {
        for partition in all(root, "partition").filter(|node| at(*node, &["name"]).is_some()) {
            let part = world.part(title, &child(partition, "name"));
            let settings: BTreeSet<(String, String)> = part
                .tables
                .iter()
                .filter(|table| table.columns.contains(&"In the export".to_owned()))
                .flat_map(|table| table.of(["In the export", "Value"]))
                .map(|[a, b]| (a, b))
                .collect();
            let lists = ["object-class", "inclusion", "exclusion"];
            for node in partition
                .descendants()
                .filter(|node| node.is_element() && !node.children().any(|child| child.is_element()))
            {
                let name = node.attribute("name").unwrap_or(node.tag_name().name());
                if !lists.contains(&name) {
                    let here = |(own, value): &(String, String)| {
                        own.contains(name) && (shown(&content(node)).contains(value) || value == "(secret)")
                    };
                    assert!(settings.iter().any(here), "{name} = {}", content(node));
                    seen += 1;
                }
            }
            let mut types: Vec<[String; 1]> = all(partition, "object-class").map(|node| [content(node)]).collect();
            types.sort();
            assert_eq!(part.table("Object types").of(["Object type"]), types);
            let list = |name, word: &str| {
                all(partition, name)
                    .map(|node| [content(node), word.to_owned()])
                    .collect::<Vec<_>>()
            };
            let mut lists = [list("inclusion", "Include"), list("exclusion", "Exclude")].concat();
            lists.sort();
            let found = part
                .find("Lists of containers")
                .map(|table| table.of(["Container", "Include / exclude"]))
                .unwrap_or_default();
            assert_eq!(found, lists);
            for [container, word] in lists {
                let mut nodes = part.lines.iter().filter(|line| line.contains("* "));
                let line = nodes.find(|line| line.contains(&container)).unwrap();
                assert!(
                    line.contains(if word == "Include" { "**in**" } else { "out" }),
                    "{line}"
                );
            }
        }
    });
    assert!(seen > 30, "{seen}");
}

#[test]
fn small_tables_of_connectors() {
    let Some(world) = world() else { return };
    let mut seen = 0;
    world.each_connector(|root, title| {
        let rows = |section: &str| -> Vec<Vec<String>> {
            let part = world.part(title, section);
            let mut rows: Vec<Vec<String>> = part.tables.iter().flat_map(|table| table.rows.clone()).collect();
            rows.sort();
            rows
        };
        let of = |outer: &'static str, inner: &'static str, fields: [&str; 2]| -> Vec<Vec<String>> {
            let nodes = all(root, outer).flat_map(|node| own(node, inner).collect::<Vec<_>>());
            let mut rows: Vec<Vec<String>> = nodes
                .map(|node| fields.map(|field| child(node, field)).to_vec())
                .collect();
            rows.sort();
            rows
        };
        let mappings = of("primary_class_mappings", "mapping", ["primary_class", "oc-value"]);
        assert_eq!(rows("Object class mappings"), mappings);
        let hierarchy = of("component_mappings", "mapping", ["dn_component", "object_class"]);
        assert_eq!(rows("Provisioning hierarchy entries"), hierarchy);
        let anchors: BTreeSet<String> = all(root, "per-class-settings")
            .flat_map(|node| own(node, "class").collect::<Vec<_>>())
            .map(|node| child(node, "name"))
            .collect();
        let found: BTreeSet<String> = rows("Anchors of object classes")
            .iter()
            .map(|row| row[0].clone())
            .collect();
        assert_eq!(found, anchors);
        let defined: BTreeSet<String> = all(root, "parameter-definitions")
            .flat_map(|node| own(node, "parameter").collect::<Vec<_>>())
            .map(|node| child(node, "name"))
            .collect();
        if !defined.is_empty() {
            let table = world
                .part(title, "Parameter definitions")
                .table("How parameters are declared");
            let found: BTreeSet<String> = table.of(["name"]).into_iter().map(|[name]| name).collect();
            assert_eq!(found, defined);
        }
        seen += mappings.len() + anchors.len() + defined.len();
    });
    assert!(seen >= 10, "{seen}");
}

#[test]
fn selections() {
    let Some(world) = world() else { return };
    for (file, count) in world.connectors().into_iter().zip([132, 161]) {
        let document = Document::parse(file).unwrap();
        let root = document.root_element();
        let title = format!("Connector {}", child(root, "name"));
        let types: BTreeMap<String, Node<'_, '_>> = all(root, "attribute-type")
            .map(|node| (child(node, "name"), node))
            .collect();
        let names = at(root, &["attribute-inclusion"])
            .unwrap()
            .children()
            .filter(|node| node.is_element())
            .map(content);
        let mut wanted: Vec<[String; 4]> = names
            .map(|name| {
                let of = types[&name];
                let single = of.attribute("single-value").is_some_and(truth);
                [
                    name,
                    "Yes".to_owned(),
                    kind(&child(of, "syntax")).to_owned(),
                    yes(!single),
                ]
            })
            .collect();
        wanted.sort();
        assert_eq!(wanted.len(), count);
        let table = &world.part(&title, "Selected attributes").tables[0];
        let mut found = table.of(["Attribute", "Selected", "Type", "Multi-valued"]);
        found.retain(|row| row[1] == "Yes");
        assert_eq!(found, wanted, "{title}");
        for row in &table.rows {
            uses_of(world, &child(root, "name"), table, row);
        }
        let schema = world.part(&title, "Object types").lines.join(" ");
        assert!(schema.contains(&format!("{} attributes", types.len())), "{schema}");
        assert!(
            schema.contains(&format!(
                "{} object types",
                at(root, &["schema"]).map_or(0, |schema| all(schema, "class").count())
            )),
            "{schema}"
        );
    }
}

/// Where an attribute is used, as the rules say.
fn uses_of(world: &World, connector: &str, table: &Table, row: &[String]) {
    let name = table.cell(row, "Attribute").to_lowercase();
    let (mut flows_in, mut flows_out) = (BTreeSet::new(), BTreeSet::new());
    let mut filters = BTreeSet::new();
    for rule in world
        .rules()
        .iter()
        .filter(|rule| rule.live && rule.connector == connector)
    {
        for (flow, reads) in &rule.flows {
            let imported = flow[1].to_lowercase().contains(&format!("importedvalue(\"{name}\")"));
            if rule.inbound && (imported || reads.contains(&name)) {
                flows_in.insert(flow[0].to_lowercase());
            }
            if !rule.inbound && flow[0].to_lowercase() == name {
                flows_out.extend(reads.iter().cloned());
            }
        }
        let scoped = rule.inbound
            && rule
                .scope
                .iter()
                .flatten()
                .any(|clause| clause[0].to_lowercase() == name);
        let joins = rule.joins.iter().flatten().any(|join| join[0].to_lowercase() == name);
        if scoped || joins {
            filters.insert(format!("{} of {}", if scoped { "scope" } else { "join" }, rule.name));
        }
    }
    let cells = |column, separator: &str| -> BTreeSet<String> {
        let cell = table
            .cell(row, column)
            .replace("\n(a constant)", "")
            .replace("(a constant)", "");
        cell.split(separator)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let folded = |set: BTreeSet<String>| -> BTreeSet<String> { set.iter().map(|name| name.to_lowercase()).collect() };
    assert_eq!(folded(cells("Flows in to", ", ")), flows_in, "{name}");
    assert_eq!(folded(cells("Flows out from", ", ")), flows_out, "{name}");
    assert_eq!(cells("Scopes and joins", "\n"), filters, "{name}");
}

#[test]
fn end_to_end() {
    let Some(world) = world() else { return };
    let rules = world.rules();
    let (mut imports, mut exports) = (0, 0);
    for connector in world.names().values() {
        let title = format!("Connector {connector}");
        let own = || rules.iter().filter(|rule| rule.live && rule.connector == *connector);
        let types: BTreeSet<&String> = own()
            .map(|rule| {
                if rule.inbound {
                    &rule.source_type
                } else {
                    &rule.target_type
                }
            })
            .collect();
        for object_type in types {
            let found = |name: &str, columns: [&str; 3]| -> Vec<[String; 3]> {
                let fits = |part: &&Part| {
                    part.path.contains(&title)
                        && part.path.contains(&"End-to-end attribute flows".to_owned())
                        && part.path.last() == Some(object_type)
                };
                let part = world
                    .parts
                    .iter()
                    .find(fits)
                    .unwrap_or_else(|| panic!("{title} {object_type}"));
                part.find(name).map(|table| table.of(columns)).unwrap_or_default()
            };
            let wanted = |inbound: bool| -> Vec<[String; 3]> {
                let mut wanted = Vec::new();
                for rule in own().filter(|rule| rule.inbound == inbound) {
                    let own_type = if inbound { &rule.source_type } else { &rule.target_type };
                    let flows = rule.flows.iter().filter(|_| own_type == object_type);
                    wanted.extend(flows.map(|(flow, _)| {
                        let target = match inbound {
                            true => format!("{} of {}", flow[0], rule.target_type).to_lowercase(),
                            false => flow[0].to_lowercase(),
                        };
                        [target, flow[1].clone(), rule.name.clone()]
                    }));
                }
                wanted.sort();
                wanted
            };
            for (inbound, name, columns, count) in [
                (
                    true,
                    "Import flows",
                    ["Metaverse attribute", "Source", "Inbound rule"],
                    &mut imports,
                ),
                (
                    false,
                    "Export flows",
                    ["Target attribute", "Source", "Outbound rule"],
                    &mut exports,
                ),
            ] {
                let mut found = found(name, columns);
                found.iter_mut().for_each(|row| row[0] = row[0].to_lowercase());
                found.sort();
                let wanted = wanted(inbound);
                *count += found.len();
                assert_eq!(found, wanted, "{name} of {object_type} in {connector}");
            }
        }
    }
    assert_eq!(imports + exports, 1200, "no rule of the sample is disabled");
    assert!(imports > 400 && exports > 400);
    // And on: who reads what an inbound flow writes.
    let user = world
        .parts
        .iter()
        .find(|part| {
            part.path.contains(&"End-to-end attribute flows".to_owned()) && part.path.last().unwrap() == "user"
        })
        .unwrap();
    let table = user.table("Import flows");
    let first = table
        .rows
        .iter()
        .find(|row| table.cell(row, "Metaverse attribute") == "department of person")
        .unwrap();
    for rule in rules
        .iter()
        .filter(|rule| !rule.inbound && rule.source_type == "person")
    {
        let reads = rule.flows.iter().any(|(_, reads)| reads.contains("department"));
        assert_eq!(
            table.cell(first, "Goes out to").contains(&rule.name),
            reads,
            "{}",
            rule.name
        );
    }
}

#[test]
fn summaries() {
    let Some(world) = world() else { return };
    let rules = world.rules();
    for connector in world.names().values() {
        let title = format!("Connector {connector}");
        let own = || rules.iter().filter(|rule| rule.live && rule.connector == *connector);
        let conditional = |rule: &&Rule| rule.link_type == "Join" && !(rule.scope.is_empty() && rule.joins.is_empty());
        let sets: [(&str, Vec<&Rule>); 3] = [
            (
                "Provisioning rules",
                own().filter(|rule| rule.link_type == "Provision").collect(),
            ),
            (
                "Sticky join rules",
                own().filter(|rule| rule.link_type == "StickyJoin").collect(),
            ),
            ("Conditional join rules", own().filter(conditional).collect()),
        ];
        for (name, rules) in sets {
            let part = world.part(&title, name);
            let mut wanted: Vec<[String; 3]> = rules
                .iter()
                .map(|rule| [rule.precedence.to_string(), rule.name.clone(), in_words(&rule.scope)])
                .collect();
            wanted.sort();
            let found = part
                .tables
                .first()
                .map(|table| table.of(["Precedence", "Rule", "Scope"]))
                .unwrap_or_default();
            assert_eq!(found, wanted, "{name} of {connector}");
            for rule in rules {
                let table = &part.tables[0];
                let row = table
                    .rows
                    .iter()
                    .find(|row| table.cell(row, "Rule") == rule.name)
                    .unwrap();
                for join in rule.joins.iter().flatten() {
                    assert!(table.cell(row, "Join").contains(&format!("{} = {}", join[0], join[1])));
                }
            }
        }
    }
}

#[test]
fn rules() {
    let Some(world) = world() else { return };
    let (mut clauses, mut conditions, mut flows) = (0, 0, 0);
    for rule in world.rules() {
        let part = world.part(
            &format!("Connector {}", rule.connector),
            &format!("{} {}", rule.precedence, rule.name),
        );
        assert!(
            part.path
                .contains(&if rule.inbound { "Inbound" } else { "Outbound" }.to_owned())
        );
        let settings = part.settings();
        assert_eq!(settings["connector"], rule.connector);
        for (name, value) in &rule.header {
            assert!(
                shown(value).contains(&settings[name]),
                "{name} of {}: {value}",
                rule.name
            );
        }
        let numbered = |groups: &[Vec<[String; 3]>]| -> Vec<[String; 4]> {
            let group = |(at, group): (usize, &Vec<[String; 3]>)| {
                let number = (at + 1).to_string();
                group
                    .iter()
                    .map(|[a, b, c]| [number.clone(), a.clone(), b.clone(), c.clone()])
                    .collect::<Vec<_>>()
            };
            let mut rows: Vec<[String; 4]> = groups.iter().enumerate().flat_map(group).collect();
            rows.sort();
            rows
        };
        let scope = part.find("Scoping filter: any group, all of its clauses");
        let scope = scope
            .map(|table| table.of(["Group", "Attribute", "Operator", "Value"]))
            .unwrap_or_default();
        assert_eq!(lowered(scope.clone()), lowered(numbered(&rule.scope)), "{}", rule.name);
        let join = part.find("Join rules: groups are tried in order, all conditions of one");
        let join = join
            .map(|table| table.of(["Group", "Connector attribute", "Metaverse attribute", "Case-sensitive"]))
            .unwrap_or_default();
        assert_eq!(lowered(join.clone()), lowered(numbered(&rule.joins)), "{}", rule.name);
        let mut wanted: Vec<[String; 5]> = rule.flows.iter().map(|(flow, _)| flow.clone()).collect();
        wanted.sort();
        let found = part.find("Transformations");
        let found = found
            .map(|table| table.of(["Target attribute", "Source", "Flow type", "Apply once", "Merge type"]))
            .unwrap_or_default();
        assert_eq!(lowered(found.clone()), lowered(wanted), "{}", rule.name);
        assert!(
            part.lines
                .iter()
                .any(|line| *line == format!("Scope: {}", in_words(&rule.scope)))
        );
        clauses += scope.len();
        conditions += join.len();
        flows += found.len();
    }
    assert_eq!((clauses, conditions, flows), (92, 40, 1200));
}

/// Metaverse attributes are spelled as the schema does, in the first cells.
fn lowered<const N: usize>(rows: Vec<[String; N]>) -> Vec<[String; N]> {
    let mut rows: Vec<[String; N]> = rows
        .into_iter()
        .map(|row| row.map(|cell| cell.to_lowercase()))
        .collect();
    rows.sort();
    rows
}

#[test]
fn rules_stand_by_precedence() {
    let Some(world) = world() else { return };
    let titles = world
        .parts
        .iter()
        .filter(|part| part.path.contains(&"Synchronization rules".to_owned()) && part.path.len() == 5);
    let numbers: Vec<(String, i64)> = titles
        .map(|part| {
            (
                part.path[..4].join("/"),
                part.path[4].split(' ').next().unwrap().parse().unwrap(),
            )
        })
        .collect();
    assert_eq!(numbers.len(), 62);
    assert!(
        numbers
            .windows(2)
            .all(|two| two[0].0 != two[1].0 || two[0].1 < two[1].1),
        "{numbers:?}"
    );
}

#[test]
fn run_profiles() {
    let Some(world) = world() else { return };
    let (mut profiles, mut steps) = (0, 0);
    let names: BTreeMap<(&str, &str), &str> = [
        (("delta-import", "to-cs"), "Delta Import (Stage Only)"),
        (("full-import", "to-cs"), "Full Import (Stage Only)"),
        (("export", ""), "Export"),
        (("apply-rules", "apply-pending"), "Delta Synchronization"),
        (("apply-rules", "reevaluate-flow-connectors"), "Full Synchronization"),
    ]
    .into();
    world.each_connector(|root, title| {
        let partitions: BTreeMap<String, String> = all(root, "partition")
            .filter(|node| at(*node, &["name"]).is_some())
            .map(|node| (child(node, "id").to_lowercase(), child(node, "name")))
            .collect();
        for profile in all(root, "run-configuration") {
            let part = world.part(title, &child(profile, "name"));
            assert_eq!(part.settings()["id"], child(profile, "id"));
            let table = part.table("Steps");
            let values: BTreeSet<&str> = table.rows.iter().map(|row| table.cell(row, "Value")).collect();
            let done: Vec<&str> = table
                .rows
                .iter()
                .map(|row| table.cell(row, "What it does"))
                .filter(|cell| !cell.is_empty())
                .collect();
            let mut wanted = Vec::new();
            for step in all(profile, "step") {
                let kind = at(step, &["step-type"]).unwrap();
                let code = kind.attribute("type").unwrap();
                let detail = content(kind.first_element_child().unwrap_or(kind));
                wanted.push(names[&(code, detail.as_str())]);
                for node in step
                    .descendants()
                    .filter(|node| node.is_element() && !node.children().any(|child| child.is_element()))
                {
                    let value = content(node);
                    let value = partitions.get(&value.to_lowercase()).unwrap_or(&value);
                    let empty = value.is_empty();
                    assert!(
                        empty || values.contains(value.as_str()),
                        "{} = {value}: {values:?}",
                        node.tag_name().name()
                    );
                }
                steps += 1;
            }
            assert_eq!(done, wanted);
            profiles += 1;
        }
    });
    assert_eq!((profiles, steps), (10, 10));
}

/// Every text within a JSON value.
fn texts(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(found.insert(text.trim().to_owned())),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(items) => items.values().for_each(|item| texts(item, found)),
        _ => {}
    }
}

#[test]
fn every_value_is_in_the_objects() {
    let Some(world) = world() else { return };
    let mut found = BTreeSet::new();
    texts(&world.json["objects"], &mut found);
    for object in world.json["objects"].as_array().unwrap() {
        // What a keyed row is about stands in its name.
        let names = object["settings"].as_object().unwrap().keys();
        found.extend(names.filter_map(|name| Some(name.split_once('{')?.1.trim_end_matches('}').to_owned())));
    }
    let sources: Vec<&str> = found
        .iter()
        .map(String::as_str)
        .filter(|text| text.starts_with('[') || text.starts_with('"'))
        .collect();
    let (mut seen, mut missing) = (0, Vec::new());
    for (path, file) in &world.files {
        let document = Document::parse(file).unwrap();
        for node in document.descendants().filter(Node::is_element) {
            let in_schema =
                path.starts_with("Connectors") && node.ancestors().any(|node| node.tag_name().name() == "schema");
            let name = node.tag_name().name();
            // A reference becomes a name; a flag of a join condition is a flag; positions are secret.
            let other = [
                "connector",
                "target",
                "caseSensitive",
                "cookie",
                "water-mark",
                "partition",
            ]
            .contains(&name);
            let secret = node.attribute("name") == Some("cookie");
            if in_schema || other || secret {
                continue;
            }
            let leaf = !node.children().any(|child| child.is_element());
            let text = leaf.then(|| content(node)).filter(|text| !text.is_empty());
            for value in node.attributes().map(|own| own.value().trim().to_owned()).chain(text) {
                let (attribute, constant) = (format!("[{value}]"), format!("\"{value}\""));
                let is = found.contains(&value)
                    || sources
                        .iter()
                        .any(|source| source.contains(&attribute) || **source == constant);
                seen += 1;
                if !is && !value.is_empty() {
                    missing.push(format!("{path}: {name} = {value}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(seen > 7000, "{seen}");
    let kinds: BTreeSet<&str> = world.json["objects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|object| text(&object["kind"]))
        .collect();
    for kind in [
        "global-settings",
        "metaverse-type",
        "connector",
        "partition",
        "run-profile",
        "run-step",
        "sync-rule",
        "attribute-flow",
    ] {
        assert!(kinds.contains(kind), "{kind}");
    }
}

#[test]
fn secrets_are_in_no_form() {
    let Some(world) = world() else { return };
    let mut secrets = Vec::new();
    for file in world.connectors() {
        let document = Document::parse(file).unwrap();
        let of = document
            .descendants()
            .filter(|node| ["cookie", "water-mark"].contains(&node.tag_name().name()));
        secrets.extend(of.map(content).filter(|text| text.len() > 20));
    }
    assert!(!secrets.is_empty());
    let json = world.json.to_string();
    assert!(secrets.iter().all(|secret| !json.contains(&secret[..20])));
    assert!(json.contains("(secret)"));
}

#[test]
fn the_page_is_small_enough() {
    let Some(folder) = data("contoso") else { return };
    let page = run(["document", folder.to_str().unwrap(), "--format", "html"]).stdout;
    assert!(page.len() < 1 << 20, "{} bytes", page.len());
}
