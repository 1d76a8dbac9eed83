//! The functions of the language and the parameters of the product.
//!
//! In: `functions.toml`, made into tables by `build.rs`, so that nothing is read
//! at start. Out: [`Function`], [`KnownParameter`], by name. Must not know:
//! expressions.
//!
//! The table holds what Microsoft's functions reference lists, and a few
//! functions that the product's own rules use and no reference names. A server
//! may know more: a function that is not here is worth a word and is no fault.

/// How a long call is broken over lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Each argument on its own line.
    List,
    /// The first argument stays beside the function's name.
    Condition,
    /// Two arguments on a line.
    Pairs,
}

/// An argument of a function.
#[derive(Debug)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// Its type in the words of the reference; alternatives joined by `|`.
    pub kind: &'static str,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether it may come again, together with the others that may.
    pub repeated: bool,
}

/// A function.
#[derive(Debug)]
pub struct Function {
    /// Its name; letter case counts.
    pub name: &'static str,
    /// What it gives, in one line.
    pub about: &'static str,
    /// Its arguments.
    pub takes: &'static [Argument],
    /// Type of the result.
    pub gives: &'static str,
    /// How a long call is broken over lines.
    pub layout: Layout,
    /// Where the field differs from the reference; mostly empty.
    pub note: &'static str,
    /// Where to read on.
    pub reference: &'static str,
}

/// A parameter that the product fills in.
#[derive(Debug)]
pub struct KnownParameter {
    /// Its name, without percent signs.
    pub name: &'static str,
    /// What it stands for.
    pub about: &'static str,
    /// Where to read on.
    pub reference: &'static str,
}

impl Function {
    /// Whether it takes so many arguments.
    pub fn accepts(&self, count: usize) -> bool {
        let repeated = self.takes.iter().filter(|argument| argument.repeated).count();
        let least = self.takes.iter().filter(|argument| !argument.optional).count();
        match repeated {
            0 => (least..=self.takes.len()).contains(&count),
            _ => count >= least && (count - least).is_multiple_of(repeated),
        }
    }

    /// `Join(attribute: mvstr[, delimiter: str]) → str`
    pub fn signature(&self) -> String {
        let mut text = format!("{}(", self.name);
        for (at, argument) in self.takes.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            let one = format!("{comma}{}: {}", argument.name, argument.kind);
            text.push_str(&if argument.optional { format!("[{one}]") } else { one });
        }
        if self.takes.iter().any(|argument| argument.repeated) {
            text.push_str(", …");
        }
        text + &format!(") → {}", self.gives)
    }
}

include!(concat!(env!("OUT_DIR"), "/functions.rs"));

/// The function of exactly this name.
pub fn known(name: &str) -> Option<&'static Function> {
    let at = FUNCTIONS.binary_search_by(|function| function.name.cmp(name)).ok()?;
    FUNCTIONS.get(at)
}

/// The function whose name is this one in another letter case.
pub fn resembling(name: &str) -> Option<&'static Function> {
    FUNCTIONS
        .iter()
        .find(|function| function.name.eq_ignore_ascii_case(name))
}

/// All functions, sorted by name.
pub fn all() -> &'static [Function] {
    FUNCTIONS
}

/// The parameter of this name, in any letter case.
pub fn parameter(name: &str) -> Option<&'static KnownParameter> {
    PARAMETERS
        .iter()
        .find(|parameter| parameter.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
#[path = "functions_tests.rs"]
mod tests;
