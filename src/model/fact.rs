//! Facts of a connector's schema, as [`super::Value::Schema`] keeps them: lines of text.
//!
//! In: lines. Out: [`Fact`]s, which borrow from them. Must not know: which connector it is.

/// Separates the fields of a fact; no XML document can hold it.
pub const FIELD: char = '\u{1f}';

/// One line of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact<'a> {
    /// The attribute, class or content rule it belongs to (`attribute mail`), or `schema`.
    pub owner: &'a str,
    /// What it says of its owner; `None` when it says that there is such an owner.
    pub detail: Option<Detail<'a>>,
}

/// What a fact says of its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Detail<'a> {
    /// Element or attribute of the document: `syntax`, `single-value`, `attribute`.
    pub what: &'a str,
    /// Name of the attribute or class that it points to; empty when it points to none.
    pub member: &'a str,
    /// Value, or properties of the member.
    pub value: &'a str,
}

impl<'a> Fact<'a> {
    /// Reads one line.
    pub fn parse(line: &'a str) -> Fact<'a> {
        let mut fields = line.splitn(4, FIELD);
        let owner = fields.next().unwrap_or_default();
        let detail = fields.next().map(|what| Detail {
            what,
            member: fields.next().unwrap_or_default(),
            value: fields.next().unwrap_or_default(),
        });
        Fact { owner, detail }
    }
}
