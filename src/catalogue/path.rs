//! The catalogue's path language: child steps, `[]` repeated, `{key}` keyed.
//!
//! In: a row's `path`. Out: steps. Must not know: documents. It stays this
//! small; what needs more is written in Rust in `normalise`.

/// Which of several like-named children a step means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// The only one.
    One,
    /// `[]`: all of them.
    Repeated,
    /// `{Name}`: the one with this key (letter case folded).
    Named(String),
    /// `{*}`: each, told apart by its key.
    Any,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A child element.
    Child(String, Key),
    /// An attribute.
    Attribute(String),
    /// `*`: any child element.
    Wildcard,
    /// `**`: everything below.
    Deep,
    /// `^`: the wrapper around the document.
    Wrapper,
}

/// A parsed path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// Parses a path.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Path, String> {
        let mut steps = Vec::new();
        for part in split(text) {
            steps.push(step(&part).map_err(|problem| format!("path {text:?}: {problem}"))?);
        }
        if steps.is_empty() {
            return Err("a path is empty".to_owned());
        }
        Ok(Path(steps))
    }
}

/// Splits at `/` outside braces, for a key may hold one.
fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_i32;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if c == '/' && depth == 0 {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

fn step(part: &str) -> Result<Step, String> {
    match part {
        "" => return Err("a step is empty".to_owned()),
        "*" => return Ok(Step::Wildcard),
        "**" => return Ok(Step::Deep),
        "^" => return Ok(Step::Wrapper),
        _ => {}
    }
    if let Some(name) = part.strip_prefix('@') {
        return Ok(Step::Attribute(name.to_owned()));
    }
    if let Some(name) = part.strip_suffix("[]") {
        return Ok(Step::Child(name.to_owned(), Key::Repeated));
    }
    if let Some(open) = part.find('{') {
        let key = part[open + 1..]
            .strip_suffix('}')
            .ok_or_else(|| format!("the brace in {part:?} is not closed"))?;
        let key = if key == "*" {
            Key::Any
        } else {
            Key::Named(key.to_lowercase())
        };
        return Ok(Step::Child(part[..open].to_owned(), key));
    }
    Ok(Step::Child(part.to_owned(), Key::One))
}
