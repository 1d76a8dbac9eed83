//! Faults of one server's expressions: what cannot be read, and what the tables
//! of functions and parameters do not know.
//!
//! In: flows of rules. Out: drafts of lints, one for each flow and row. Must not know: the
//! other server's rules, what functions do.

use super::drafts::Draft;
use super::rules::lint;
use crate::assess::context::{Context, Side};
use crate::catalogue::{Catalogue, Key, Path, Step, ids};
use crate::derive::RuleView;
use crate::expression::{Remark, RemarkKind, canonical, check, parse};
use crate::model::{Configuration, SettingKey, Value};
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

#[derive(Default)]
struct Faults {
    broken: Option<Broken>,
    remarks: Vec<Remark>,
}

/// Why a text is no expression.
struct Broken {
    error: String,
    /// Not even words could be told apart, so its text was compared.
    as_text: bool,
}

/// Lints of a side's expressions. What does not tokenise was compared as text, also in a disabled rule; that an
/// expression cannot work, and the rest, matters in live rules only.
pub fn judge(context: &Context<'_>, side: Side, drafts: &mut Vec<Draft>) {
    // Rules share many texts.
    let mut known: HashMap<&str, Faults> = HashMap::new();
    let configuration = context.configuration(side);
    let parameters = OnceCell::new();
    for rule in context.views(side) {
        for &flow in &rule.flows {
            let flow = &configuration.objects[flow];
            let Some(Value::Expression { raw, .. }) = flow.value(ids::FLOW_EXPRESSION) else {
                continue;
            };
            let faults = known.entry(raw).or_insert_with(|| faults(raw));
            let defined = |name: &str| {
                let all = parameters.get_or_init(|| defined(context.catalogue, configuration));
                all.contains(&name.to_lowercase())
            };
            for (id, sentences) in said(faults, rule, defined) {
                let title = format!("Flow to {}", flow.name);
                let mut finding = lint(context, id, side, rule, &title, raw.trim().to_owned());
                finding.consequences.extend(sentences.clone());
                let pair = context.pair_of(side, rule.object);
                let words: Vec<String> = sentences.into_iter().collect();
                let words = words.join(" ");
                drafts.push(Draft {
                    lint: finding,
                    key: format!("{id} {pair} {} {words}", flow.key),
                    sentence: format!("On {} in the flow to {}: {words}", context.server_name(side), flow.name),
                    setting: Some(title),
                    causes: vec![pair],
                    rows: &[],
                    leads: None,
                });
            }
        }
    }
}

fn faults(text: &str) -> Faults {
    let broken = |error: String, as_text: bool| Faults {
        broken: Some(Broken { error, as_text }),
        remarks: Vec::new(),
    };
    match (canonical(text), parse(text)) {
        (Err(error), _) => broken(error.to_string(), true),
        // An element without text is no expression that somebody wrote.
        (Ok(_), Err(_)) if text.trim().is_empty() => Faults::default(),
        (Ok(_), Err(error)) => broken(error.to_string(), false),
        (Ok(_), Ok(tree)) => Faults {
            broken: None,
            remarks: check(&tree),
        },
    }
}

/// Rows and their sentences, each sentence once.
fn said(faults: &Faults, rule: &RuleView, defined: impl Fn(&str) -> bool) -> Vec<(&'static str, BTreeSet<String>)> {
    let mut said: Vec<(&'static str, BTreeSet<String>)> = Vec::new();
    let mut say = |id: &'static str, sentence: String| match said.iter_mut().find(|(known, _)| *known == id) {
        Some((_, sentences)) => {
            sentences.insert(sentence);
        }
        None => said.push((id, BTreeSet::from([sentence]))),
    };
    match &faults.broken {
        Some(Broken { error, as_text: true }) if rule.live => {
            say(
                ids::EXPRESSION_MALFORMED,
                format!("{error} Its text was compared, layout included."),
            );
        }
        Some(Broken { error, as_text: true }) => say(ids::EXPRESSION_UNREADABLE, error.clone()),
        Some(Broken { error, .. }) if rule.live => say(ids::EXPRESSION_MALFORMED, error.clone()),
        _ => {}
    }
    for remark in faults.remarks.iter().filter(|_| rule.live) {
        let id = match remark.kind {
            RemarkKind::UnknownParameter if defined(&remark.name) => continue,
            RemarkKind::UnknownParameter => ids::EXPRESSION_PARAMETER,
            RemarkKind::UnknownFunction | RemarkKind::LetterCase(_) => ids::EXPRESSION_FUNCTION,
            RemarkKind::ArgumentCount { .. } => ids::EXPRESSION_ARGUMENTS,
        };
        say(id, remark.to_string());
    }
    said
}

/// Names of parameters that the export holds, in folded letter case: those of the server and of all its connectors.
fn defined(catalogue: &Catalogue, configuration: &Configuration) -> BTreeSet<String> {
    let named = |key: &SettingKey| -> Option<String> {
        let steps = Path::parse(catalogue.row(key.row)?.path.as_deref()?).ok()?.0;
        steps.into_iter().rev().find_map(|step| match step {
            Step::Child(_, Key::Named(name)) => Some(name.to_lowercase()),
            _ => None,
        })
    };
    let settings = configuration.objects.iter().flat_map(|object| &object.settings);
    let names = settings.flat_map(|(key, setting)| {
        let label = setting.label.as_ref().map(|label| label.to_lowercase());
        label.into_iter().chain(named(key))
    });
    names.collect()
}
