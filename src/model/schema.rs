//! A schema that is read when somebody asks what it says.
//!
//! In: something that can read it. Out: its facts as lines; whether two schemas
//! come from the same text, which needs no reading. A forest's schema is most of
//! its export and is usually the same on both servers. Must not know: XML.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// Where a schema's facts come from.
pub trait SchemaSource: Send + Sync {
    /// One line per fact, in the order of the file.
    fn text(&self) -> &str;
    /// Digests of what was masked in it.
    fn marks(&self) -> &[[u8; 32]];
    /// Whether the other was made of the same text, so that all they say is the same. False may be wrong, true never.
    fn is_same(&self, other: &dyn SchemaSource) -> bool;
    /// For each name whether it may tell of something that is called so; letter case does not count. False is certain.
    fn may_name(&self, names: &[&str]) -> Vec<bool>;
    /// For [`SchemaSource::is_same`].
    fn as_any(&self) -> &dyn Any;
}

/// A connector's schema.
#[derive(Clone)]
pub struct Schema {
    source: Arc<dyn SchemaSource>,
    /// Secrets in it were left out of a snapshot.
    withheld: bool,
}

impl Schema {
    /// A schema to be read later.
    pub fn new(source: impl SchemaSource + 'static) -> Schema {
        Schema {
            source: Arc::new(source),
            withheld: false,
        }
    }

    /// One line per fact, in the order of the file.
    pub fn text(&self) -> &str {
        self.source.text()
    }

    /// For each name whether it may tell of something that is called so, which can be said without reading it. False is
    /// certain.
    pub fn may_name(&self, names: &[&str]) -> Vec<bool> {
        self.source.may_name(names)
    }

    /// It comes from a snapshot, which holds no secrets.
    pub fn withhold(&mut self) {
        self.withheld = true;
    }

    /// Whether what was masked in both is the same; what was left out equals any other.
    pub fn hides_the_same(&self, other: &Schema) -> bool {
        self.withheld || other.withheld || self.source.marks() == other.source.marks()
    }
}

impl std::ops::Deref for Schema {
    type Target = str;

    fn deref(&self) -> &str {
        self.text()
    }
}

impl PartialEq for Schema {
    fn eq(&self, other: &Schema) -> bool {
        self.source.is_same(&*other.source) || (self.text() == other.text() && self.hides_the_same(other))
    }
}

impl Eq for Schema {}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Schema").field(&self.text()).finish()
    }
}
