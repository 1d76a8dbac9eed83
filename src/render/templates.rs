//! The templates: built in, or a user's own; the only user of handlebars.
//!
//! In: names of templates and values to fill in. Out: text. Must not know:
//! what a report is.

use handlebars::{Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderErrorReason};
use serde::Serialize;
use std::collections::BTreeMap;

/// What is built in.
const BUILT_IN: [(&str, &str); 24] = [
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
        self.engine().map(drop)
    }

    /// What fills templates in as Markdown.
    ///
    /// # Errors
    /// A template of the user's that is none.
    pub fn markdown(&self) -> Result<Markdown<'_>, TemplateError> {
        let mut engine = self.engine()?;
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
        Ok(Markdown { engine })
    }

    /// Fills a template in as HTML.
    ///
    /// # Errors
    /// A template of the user's that is none, or asks for what is not there.
    pub fn html<T: Serialize>(&self, name: &str, value: &T) -> Result<String, TemplateError> {
        self.check()?;
        let mut engine = self.engine()?;
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

    fn engine(&self) -> Result<Handlebars<'_>, TemplateError> {
        let mut engine = Handlebars::new();
        engine.set_strict_mode(true);
        for (name, text) in self.sources.iter().filter(|(name, _)| name.ends_with(".hbs")) {
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

/// Fills templates in as Markdown.
#[derive(Debug)]
pub struct Markdown<'t> {
    engine: Handlebars<'t>,
}

impl Markdown<'_> {
    /// Fills one in.
    ///
    /// # Errors
    /// A template of the user's that asks for what is not there.
    pub fn fill<T: Serialize>(&self, name: &str, value: &T) -> Result<String, TemplateError> {
        render(&self.engine, name, value)
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
