//! Names in the document of a server become masks.
//!
//! In: the result of `document`. Out: the same, masked. Must not know: how it
//! was computed, any format.

use super::Masks;
use crate::report::document::{
    Block, Cell, Count, Document, DocumentObject, DocumentOptions, DocumentSetting, JoinPair, Node, Row, Run,
    ScopeClause, Section, SettingValue, Table,
};
use std::collections::BTreeMap;

impl Masks {
    /// Masks every name in a document. A name that a late part shows to be one is masked in the early parts, too.
    pub fn document(&mut self, document: &mut Document) {
        self.learning = true;
        // What is learnt late may show more names in early parts.
        for _ in 0..2 {
            self.parts(&mut document.clone());
        }
        self.learning = false;
        self.parts(document);
    }

    fn parts(&mut self, document: &mut Document) {
        let Document {
            schema: _,
            tool: _,
            generated: _,
            options: DocumentOptions { redact },
            server,
            ledger: _,
            counts,
            objects,
            lints,
            gaps,
            sections,
        } = document;
        *redact = true;
        self.server(server);
        for Count {
            title: _,
            count: _,
            note: _,
        } in counts
        {
            // Numbers and words of ours.
        }
        objects.iter_mut().for_each(|object| self.object(object));
        lints.iter_mut().for_each(|lint| self.finding(lint));
        gaps.iter_mut().for_each(|gap| self.gap(gap));
        sections.iter_mut().for_each(|section| self.section(section));
    }

    fn object(&mut self, object: &mut DocumentObject) {
        let DocumentObject {
            kind: _,
            path,
            number: _,
            settings,
        } = object;
        path.iter_mut().for_each(|text| self.text(text));
        let masked = std::mem::take(settings).into_iter().map(|(mut name, mut setting)| {
            let DocumentSetting {
                title,
                value,
                housekeeping: _,
            } = &mut setting;
            self.text(&mut name);
            self.text(title);
            self.value(value);
            (name, setting)
        });
        let masked: BTreeMap<String, DocumentSetting> = masked.collect();
        *settings = masked;
    }

    fn value(&mut self, value: &mut SettingValue) {
        match value {
            SettingValue::Text(text) => self.text(text),
            SettingValue::Members(members) => members.iter_mut().for_each(|text| self.text(text)),
            SettingValue::Scope(groups) => {
                for ScopeClause {
                    attribute,
                    operator: _,
                    value,
                } in groups.iter_mut().flatten()
                {
                    self.text(attribute);
                    value.iter_mut().for_each(|text| self.text(text));
                }
            }
            SettingValue::Join(groups) => {
                for JoinPair {
                    connector_attribute,
                    metaverse_attribute,
                    case_sensitive: _,
                } in groups.iter_mut().flatten()
                {
                    self.text(connector_attribute);
                    self.text(metaverse_attribute);
                }
            }
            SettingValue::Schema(_) => {}
        }
    }

    fn section(&mut self, section: &mut Section) {
        let Section {
            id: _,
            title,
            folded: _,
            blocks,
            sections,
        } = section;
        self.text(title);
        for block in blocks {
            match block {
                Block::Text { text } => self.cell(text),
                Block::Table(table) => self.table(table),
                Block::Tree { nodes } => {
                    for Node {
                        depth: _,
                        name,
                        inside: _,
                        because: _,
                    } in nodes
                    {
                        self.text(name);
                    }
                }
            }
        }
        sections.iter_mut().for_each(|section| self.section(section));
    }

    fn table(&mut self, table: &mut Table) {
        let Table {
            title: _,
            folded: _,
            columns,
            rows,
        } = table;
        columns.iter_mut().for_each(|text| self.text(text));
        for Row { id: _, cells } in rows {
            cells.iter_mut().for_each(|cell| self.cell(cell));
        }
    }

    fn cell(&mut self, cell: &mut Cell) {
        let runs = match cell {
            Cell::Text(text) => return self.text(text),
            Cell::Runs(runs) => runs,
        };
        for run in runs {
            match run {
                Run::Plain(text) | Run::Code { code: text } | Run::Link { text, link: _ } => self.text(text),
            }
        }
    }
}
