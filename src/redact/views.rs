//! Names in the data of pictures become masks.
//!
//! In: the pictures' data of a report. Out: the same, masked. Must not know:
//! how it was computed, any format.

use super::Masks;
use crate::report::Views;
use crate::report::views::{
    FilterPicture, FlowPicture, FlowPlace, FlowRow, Group, JoinPicture, Ladder, Part, Rung, ScopeNode, ScopeTree,
};

impl Masks {
    /// Masks every name in the pictures.
    pub(super) fn views(&mut self, views: &mut Views) {
        let Views {
            scope,
            flows,
            precedence,
            filters,
            joins,
            omitted: _,
        } = views;
        scope.iter_mut().for_each(|tree| self.tree(tree));
        flows.iter_mut().for_each(|flow| self.flow_picture(flow));
        precedence.iter_mut().for_each(|ladder| self.ladder(ladder));
        for FilterPicture {
            findings: _,
            primary,
            staging,
        } in filters
        {
            [primary, staging].into_iter().for_each(|groups| self.groups(groups));
        }
        for JoinPicture {
            findings: _,
            primary,
            staging,
        } in joins
        {
            [primary, staging].into_iter().for_each(|groups| self.groups(groups));
        }
    }

    fn tree(&mut self, tree: &mut ScopeTree) {
        let ScopeTree {
            findings: _,
            connector,
            partition,
            nodes,
            more: _,
        } = tree;
        self.text(connector);
        self.text(partition);
        for node in nodes {
            let ScopeNode {
                depth: _,
                name,
                dn,
                primary: _,
                staging: _,
            } = node;
            self.text(name);
            self.text(dn);
        }
    }

    fn flow_picture(&mut self, picture: &mut FlowPicture) {
        let FlowPicture {
            findings: _,
            attribute,
            object_type,
            inbound,
            outbound,
            more_inbound: _,
            more_outbound: _,
        } = picture;
        self.text(attribute);
        self.text(object_type);
        for row in inbound.iter_mut().chain(outbound) {
            let FlowRow {
                connector,
                connector_object_type,
                rule,
                target,
                primary,
                staging,
            } = row;
            let texts = [connector, connector_object_type, rule, target];
            texts.into_iter().for_each(|text| self.text(text));
            for place in [primary, staging].into_iter().flatten() {
                let FlowPlace {
                    rank: _,
                    winner: _,
                    standing: _,
                    source,
                    source_kind: _,
                    scope,
                } = place;
                self.text(source);
                self.text(scope);
            }
        }
    }

    fn ladder(&mut self, ladder: &mut Ladder) {
        let Ladder {
            findings: _,
            targets,
            rungs,
            more: _,
        } = ladder;
        targets.iter_mut().for_each(|text| self.text(text));
        for rung in rungs {
            let Rung {
                connector,
                rule,
                primary: _,
                staging: _,
                moved: _,
            } = rung;
            self.text(connector);
            self.text(rule);
        }
    }

    fn groups(&mut self, groups: &mut Option<Vec<Group>>) {
        for Group { parts, moved: _ } in groups.iter_mut().flatten() {
            for Part { text, both: _ } in parts {
                self.text(text);
            }
        }
    }
}
