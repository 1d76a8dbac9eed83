//! The templates: built in, or a user's own; the only user of handlebars.
//!
//! In: names of templates and values to fill in. Out: text. Must not know:
//! what a report is.

use handlebars::{Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderErrorReason};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What is built in.
const BUILT_IN: [(&str, &str); 26] = [
    ("report.hbs", include_str!("../../templates/report.hbs")),
    ("finding.hbs", include_str!("../../templates/finding.hbs")),
    ("pictures.hbs", include_str!("../../templates/pictures.hbs")),
    ("flow.hbs", include_str!("../../templates/flow.hbs")),
    ("way.hbs", include_str!("../../templates/way.hbs")),
    ("document.hbs", include_str!("../../templates/document.hbs")),
    ("document-part.hbs", include_str!("../../templates/document-part.hbs")),
    ("document-table.hbs", include_str!("../../templates/document-table.hbs")),
    ("document-cell.hbs", include_str!("../../templates/document-cell.hbs")),
    ("document.css", include_str!("../../templates/document.css")),
    ("document.js", include_str!("../../templates/document.js")),
    ("history.hbs", include_str!("../../templates/history.hbs")),
    ("change.hbs", include_str!("../../templates/change.hbs")),
    (
        "markdown-change.hbs",
        include_str!("../../templates/markdown-change.hbs"),
    ),
    ("history.css", include_str!("../../templates/history.css")),
    ("values.hbs", include_str!("../../templates/values.hbs")),
    (
        "markdown-history.hbs",
        include_str!("../../templates/markdown-history.hbs"),
    ),
    ("others.hbs", include_str!("../../templates/others.hbs")),
    ("step.hbs", include_str!("../../templates/step.hbs")),
    ("markdown.hbs", include_str!("../../templates/markdown.hbs")),
    (
        "markdown-finding.hbs",
        include_str!("../../templates/markdown-finding.hbs"),
    ),
    (
        "markdown-pictures.hbs",
        include_str!("../../templates/markdown-pictures.hbs"),
    ),
    ("markdown-step.hbs", include_str!("../../templates/markdown-step.hbs")),
    (
        "markdown-summary.hbs",
        include_str!("../../templates/markdown-summary.hbs"),
    ),
    ("style.css", include_str!("../../templates/style.css")),
    ("script.js", include_str!("../../templates/script.js")),
];

/// A template that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// It is no template.
    #[error("{name}{place}: {problem}; mend the file, or leave it out to use the built-in one")]
    Syntax {
        /// File name.
        name: String,
        /// `:line:column`
        place: String,
        /// What is wrong.
        problem: String,
    },
    /// It asks for what is not there.
    #[error("{name}{place}: {problem}; the built-in templates show what there is")]
    Render {
        /// File name.
        name: String,
        /// `:line:column`
        place: String,
        /// What is wrong.
        problem: String,
    },
    /// A style or script that would end its element.
    #[error("{name}: it must not hold \"{text}\", which would end it within the page")]
    Ends {
        /// File name.
        name: String,
        /// What it holds.
        text: &'static str,
    },
}

/// Sources by file name, the user's in place of the built-in ones.
#[derive(Debug, Clone)]
pub struct Templates {
    sources: BTreeMap<String, String>,
}

impl Default for Templates {
    fn default() -> Self {
        Templates {
            sources: BUILT_IN
                .iter()
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                .collect(),
        }
    }
}

impl Templates {
    /// File names that have a meaning.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// Puts a text in place of a built-in one.
    pub fn replace(&mut self, name: &str, text: String) {
        self.sources.insert(name.to_owned(), text);
    }

    /// A style sheet or script.
    pub fn asset(&self, name: &str) -> &str {
        self.sources.get(name).map_or("", String::as_str)
    }

    /// Whether every one can be used.
    ///
    /// # Errors
    /// A template of the user's that is none.
    pub fn check(&self) -> Result<(), TemplateError> {
        self.check_assets()?;
        self.engine(self.sources.keys().map(String::as_str)).map(drop)
    }

    fn check_assets(&self) -> Result<(), TemplateError> {
        for (asset, text) in [
            ("style.css", "</style"),
            ("document.css", "</style"),
            ("history.css", "</style"),
            ("script.js", "</script"),
            ("document.js", "</script"),
        ] {
            if self.asset(asset).to_ascii_lowercase().contains(text) {
                return Err(TemplateError::Ends {
                    name: asset.to_owned(),
                    text,
                });
            }
        }
        Ok(())
    }

    /// What fills a template in as Markdown.
    ///
    /// # Errors
    /// A template of the user's that is none.
    pub fn markdown(&self, name: &'static str) -> Result<Markdown<'_>, TemplateError> {
        let mut engine = self.engine(self.reached(name))?;
        engine.register_escape_fn(super::markdown::cell);
        // Within an element that begins a line nothing is Markdown, and its escapes would be seen.
        let helper = |helper: &Helper<'_>,
                      _: &Handlebars<'_>,
                      _: &Context,
                      _: &mut RenderContext<'_, '_>,
                      out: &mut dyn Output|
         -> HelperResult {
            let text = helper.param(0).and_then(|text| text.value().as_str());
            out.write(&super::markdown::inside_element(text.unwrap_or_default()))
                .map_err(Into::into)
        };
        engine.register_helper("html", Box::new(helper));
        Ok(Markdown { engine, name })
    }

    /// Fills a template in as HTML.
    ///
    /// # Errors
    /// A template of the user's that is none, or asks for what is not there.
    pub fn html<T: Serialize>(&self, name: &str, value: &T) -> Result<String, TemplateError> {
        self.check_assets()?;
        let mut engine = self.engine(self.reached(name))?;
        let assets = self.sources.clone();
        let helper = move |helper: &Helper<'_>,
                           _: &Handlebars<'_>,
                           _: &Context,
                           _: &mut RenderContext<'_, '_>,
                           out: &mut dyn Output|
              -> HelperResult {
            let name = helper
                .param(0)
                .and_then(|name| name.value().as_str())
                .unwrap_or_default();
            let text = assets.get(name).filter(|_| !name.ends_with(".hbs"));
            let text = text.ok_or_else(|| RenderErrorReason::Other(format!("there is no file {name:?}")))?;
            out.write(text).map_err(Into::into)
        };
        engine.register_helper("asset", Box::new(helper));
        render(&engine, name, value)
    }

    /// The templates that one of them leads to: to compile one takes as long as to fill it in.
    fn reached<'t>(&'t self, first: &str) -> BTreeSet<&'t str> {
        let mut reached = BTreeSet::new();
        let mut next = vec![first.to_owned()];
        while let Some(name) = next.pop() {
            if let Some((name, text)) = self.sources.get_key_value(&name)
                && reached.insert(name.as_str())
            {
                match partials(text) {
                    Some(names) => next.extend(names),
                    None => return self.sources.keys().map(String::as_str).collect(),
                }
            }
        }
        reached
    }

    fn engine<'t>(&'t self, names: impl IntoIterator<Item = &'t str>) -> Result<Handlebars<'t>, TemplateError> {
        let mut engine = Handlebars::new();
        engine.set_strict_mode(true);
        let named = names.into_iter().filter_map(|name| self.sources.get_key_value(name));
        for (name, text) in named.filter(|(name, _)| name.ends_with(".hbs")) {
            engine
                .register_template_string(name.trim_end_matches(".hbs"), text)
                .map_err(|error| TemplateError::Syntax {
                    name: name.clone(),
                    place: place(error.pos()),
                    problem: error.reason().to_string(),
                })?;
        }
        Ok(engine)
    }
}

/// Files of the templates that a template puts in place of `{{> name}}`; none where it computes a name.
fn partials(text: &str) -> Option<Vec<String>> {
    let tags = text.split("{{").skip(1);
    let named = tags.filter_map(|tag| tag.trim_start_matches(['{', '~', '#']).trim_start().strip_prefix('>'));
    let name = |tag: &str| {
        let end = |c: char| c.is_whitespace() || matches!(c, '}' | '~');
        let name = tag.trim_start().split(end).next().unwrap_or_default();
        let name = name.trim_matches(['"', '\'']);
        (!name.starts_with('(')).then(|| format!("{name}.hbs"))
    };
    named.map(name).collect()
}

/// Fills a template in as Markdown.
#[derive(Debug)]
pub struct Markdown<'t> {
    engine: Handlebars<'t>,
    name: &'static str,
}

impl Markdown<'_> {
    /// Fills it in.
    ///
    /// # Errors
    /// A template of the user's that asks for what is not there.
    pub fn fill<T: Serialize>(&self, value: &T) -> Result<String, TemplateError> {
        render(&self.engine, self.name, value)
    }
}

fn render<T: Serialize>(engine: &Handlebars<'_>, name: &str, value: &T) -> Result<String, TemplateError> {
    let name = name.trim_end_matches(".hbs");
    engine.render(name, value).map_err(|error| TemplateError::Render {
        name: format!("{}.hbs", error.template_name.as_deref().unwrap_or(name)),
        place: place(error.line_no.zip(error.column_no)),
        problem: match error.reason() {
            RenderErrorReason::MissingVariable(Some(name)) => format!("there is no field {name:?}"),
            other => other.to_string(),
        },
    })
}

fn place(at: Option<(usize, usize)>) -> String {
    at.map(|(line, column)| format!(":{line}:{column}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_partials_are_read_however_they_are_written() {
        let text = "{{a}} > {{> one}}{{~>two~}} {{#> three this}}x{{/three}} {{ > \"four\" key=1 }}{{{b}}}";
        let names = ["one.hbs", "two.hbs", "three.hbs", "four.hbs"];
        assert_eq!(partials(text), Some(names.map(str::to_owned).to_vec()));
        assert_eq!(partials("{{> (lookup . \"name\")}}"), None);
    }

    #[test]
    fn every_built_in_template_can_be_used_and_a_page_needs_few() {
        let templates = Templates::default();
        assert!(templates.check().is_ok());
        let reached = templates.reached("flow.hbs");
        assert!(
            reached.contains("step.hbs") && !reached.contains("report.hbs"),
            "{reached:?}"
        );
    }
}
