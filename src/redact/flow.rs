//! Names in the path of an attribute become masks.
//!
//! In: the result of `flow`. Out: the same, masked. Must not know: how it was
//! computed, any format.

use super::Masks;
use crate::report::flow::{Flow, FlowHint, FlowOptions, FlowPath, FlowStep};

impl Masks {
    /// Masks every name in the path of an attribute.
    pub fn flow(&mut self, flow: &mut Flow) {
        let Flow {
            schema: _,
            tool: _,
            generated: _,
            options,
            server,
            attribute,
            found_in: _,
            paths,
            inbound,
            outbound,
            see_also,
            disabled_rules: _,
            gaps,
        } = flow;
        let FlowOptions {
            object_type,
            connector,
            redact,
        } = options;
        *redact = true;
        self.server(server);
        let asked = [object_type, connector].into_iter().flatten();
        asked.chain([attribute]).for_each(|text| self.text(text));
        for FlowPath { attribute, object_type } in paths {
            self.text(attribute);
            self.text(object_type);
        }
        inbound.iter_mut().chain(outbound).for_each(|step| self.step(step));
        for hint in see_also {
            let FlowHint {
                attribute,
                feeds: _,
                connector,
                rule,
            } = hint;
            [attribute, connector, rule]
                .into_iter()
                .for_each(|text| self.text(text));
        }
        gaps.iter_mut().for_each(|gap| self.gap(gap));
    }

    fn step(&mut self, step: &mut FlowStep) {
        let FlowStep {
            attribute,
            object_type,
            direction: _,
            connector,
            connector_object_type,
            rule,
            precedence: _,
            rank: _,
            rivals: _,
            winner: _,
            standing: _,
            behind,
            via: _,
            source,
            source_kind: _,
            target,
            scope,
            join,
            link_type,
            merge_type,
            apply_once: _,
        } = step;
        let texts = [
            object_type,
            connector,
            connector_object_type,
            rule,
            source,
            scope,
            link_type,
        ];
        let optional = [attribute, behind, target, join, merge_type].into_iter().flatten();
        texts.into_iter().chain(optional).for_each(|text| self.text(text));
    }
}
