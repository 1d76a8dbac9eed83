//! Where what commands say of servers goes: files and standard output.
//!
//! In: a value and its formats. Out: bytes. Must not know: what is said.

use super::output::{self, FileFormat, Sink};
use super::templates;
use crate::cli::{PageFormat, PageOutput};
use crate::render::{self, TemplateError, Templates};
use anyhow::{Context, Result, bail};
use serde::Serialize;

/// Places that were checked before the work began.
pub struct Page<'p> {
    wanted: &'p PageOutput,
    templates: Templates,
    /// Files to write.
    pub sinks: Vec<Sink>,
}

/// What is said, in the formats that need code of their own.
pub struct Forms<'f> {
    /// Text with ANSI styles.
    pub text: &'f dyn Fn() -> String,
    /// Markdown.
    pub markdown: &'f dyn Fn(&Templates) -> Result<String, TemplateError>,
    /// HTML.
    pub html: &'f dyn Fn(&Templates) -> Result<String, TemplateError>,
}

impl<'p> Page<'p> {
    /// Checks where the answer goes.
    ///
    /// # Errors
    /// A file that cannot be written, a template that cannot be used.
    pub fn prepare(wanted: &'p PageOutput) -> Result<Page<'p>> {
        let formats = [FileFormat::Html, FileFormat::Markdown, FileFormat::Json];
        Ok(Page {
            sinks: Sink::prepare(&wanted.output, &formats)?,
            templates: templates::read(wanted.templates.as_deref())?,
            wanted,
        })
    }

    /// Writes an answer wherever it is wanted.
    ///
    /// # Errors
    /// A write failed, or a template asks for what is not there.
    pub fn write<T: Serialize>(&self, value: &T, forms: &Forms<'_>) -> Result<()> {
        match self.written(value, forms) {
            // A reader that has seen enough changes nothing in the answer.
            Err(error) if super::closed_pipe(&error) => Ok(()),
            written => written,
        }
    }

    fn written<T: Serialize>(&self, value: &T, forms: &Forms<'_>) -> Result<()> {
        let json = || render::json(value).context("the result cannot be written as JSON");
        let templates = &self.templates;
        for sink in &self.sinks {
            match sink.format {
                FileFormat::Json => sink.write(&json()?)?,
                FileFormat::Html => sink.write((forms.html)(templates)?.as_bytes())?,
                FileFormat::Markdown => sink.write((forms.markdown)(templates)?.as_bytes())?,
                other => bail!("this answer has no format {other:?}"),
            }
        }
        match self.wanted.format {
            PageFormat::Json => output::stdout(&json()?),
            PageFormat::Markdown => output::stdout((forms.markdown)(templates)?.as_bytes()),
            PageFormat::Html => output::stdout((forms.html)(templates)?.as_bytes()),
            PageFormat::Text => output::styled(&(forms.text)(), self.wanted.color),
        }
    }
}
