//! `--redact`: names of servers, accounts, tenants and domains become masks.
//!
//! In: the configurations (a row's `mask` says which settings hold names) and
//! finished reports. Out: reports with the same mask for the same name in every
//! part. Must not know: how anything was judged, any format.
//!
//! Names in settings come first, then what the texts themselves show: hosts and
//! children of known domains, GUIDs and IP addresses. What every customer has
//! stays readable: the Entra connector's identifier, builds, tags of standard
//! rules. Fingerprints, hashes and times stay, too: they name nobody, and without
//! them an owner could neither accept a finding nor verify the evidence.

mod document;
mod flow;
mod masks;
mod names;
mod shape;
mod views;

pub use masks::Masks;

use crate::catalogue::{Catalogue, NameKind, ValueKind, ids};
use crate::model::{Configuration, Object, SettingKey, Value};
use crate::report::{
    Acceptance, Baseline, Detail, File, Finding, GapEntry, Options, Place, Report, Server, UnusedAcceptance, Warning,
};

/// Objects of some servers, and of those who speak of them.
fn told<'c>(servers: &'c [&'c Configuration]) -> impl Iterator<Item = &'c Object> {
    servers
        .iter()
        .flat_map(|server| server.objects.iter().chain(&server.witnesses))
}

/// Whose name a setting is; of a witness that speaks of any setting, what that one is.
fn named(catalogue: &Catalogue, object: &Object, key: &SettingKey) -> Option<NameKind> {
    let row = catalogue.row(key.row)?;
    let original = || catalogue.witnessed(row, &object.name).and_then(|(row, _)| row.mask);
    row.mask.or_else(original)
}

impl Masks {
    /// Learns the names that the servers' settings hold: the servers' own first, in the order given.
    pub fn learn(servers: &[&Configuration], catalogue: &Catalogue) -> Masks {
        let mut masks = Masks::default();
        masks.learn_public(&catalogue.facts.entra_connector_id);
        for row in &catalogue.rows {
            [&row.title, &row.why, &row.fix]
                .into_iter()
                .for_each(|text| masks.learn_ordinary(text));
        }
        for object in told(servers) {
            if matches!(object.kind, ids::kinds::FLOW | ids::kinds::METAVERSE_TYPE) {
                masks.learn_ordinary(&object.name);
            }
            for (key, setting) in &object.settings {
                let row = catalogue.row(key.row);
                if row.is_some_and(|row| row.value == Some(ValueKind::Version)) {
                    masks.learn_public(&setting.value.display());
                }
            }
        }
        for object in told(servers) {
            if let Some(name) = object.value(ids::SERVER_NAME) {
                masks.learn_setting(NameKind::Server, name);
            }
        }
        for object in told(servers) {
            for setting in object.settings.values() {
                if let Value::Text { raw, .. } = &setting.value {
                    masks.learn_within(raw);
                }
                masks.learn_guids(&setting.value.display());
            }
        }
        for kind in NameKind::LEARNT {
            for object in told(servers) {
                for (key, setting) in &object.settings {
                    if named(catalogue, object, key) == Some(kind) {
                        masks.learn_setting(kind, &setting.value);
                    }
                }
            }
        }
        masks
    }

    fn learn_setting(&mut self, kind: NameKind, value: &Value) {
        match value {
            Value::Text { raw, .. } => self.learn_value(kind, raw),
            Value::Set(members) | Value::List(members) => {
                members.iter().for_each(|member| self.learn_value(kind, &member.raw));
            }
            _ => {}
        }
    }

    /// Masks every name in some reports. A name that a late part shows to be one is masked in the early parts, too.
    pub fn reports(&mut self, reports: &mut [Report]) {
        self.learning = true;
        // What is learnt late may show more names in early parts.
        for _ in 0..2 {
            for report in reports.iter() {
                self.report(&mut report.clone());
            }
        }
        self.learning = false;
        reports.iter_mut().for_each(|report| self.report(report));
    }

    fn report(&mut self, report: &mut Report) {
        let Report {
            schema: _,
            tool: _,
            options,
            generated: _,
            primary,
            staging,
            verdict: _,
            ledger: _,
            summary: _,
            findings,
            expected,
            warnings,
            lints,
            gaps,
            checked: _,
            unused_acceptances,
            baseline,
            views,
        } = report;
        self.options(options);
        self.server(primary);
        self.server(staging);
        for finding in findings.iter_mut().chain(expected).chain(lints) {
            self.finding(finding);
        }
        for Warning { id: _, text } in warnings {
            self.text(text);
        }
        for gap in gaps {
            self.gap(gap);
        }
        for entry in unused_acceptances {
            self.unused(entry);
        }
        if let Some(baseline) = baseline {
            self.baseline(baseline);
        }
        self.views(views);
    }

    fn baseline(&mut self, baseline: &mut Baseline) {
        let Baseline {
            primary,
            staging,
            moved,
            gaps,
        } = baseline;
        self.server(primary);
        self.server(staging);
        moved.iter_mut().for_each(|finding| self.finding(finding));
        gaps.iter_mut().for_each(|gap| self.gap(gap));
    }

    fn options(&mut self, options: &mut Options) {
        let Options {
            fail_on: _,
            same_server: _,
            exit_zero: _,
            redact,
            accept,
            map_connector,
        } = options;
        *redact = true;
        if let Some(File { path, sha256: _ }) = accept {
            // As errors call it: people name such a file after the customer.
            "FILE".clone_into(path);
        }
        map_connector.iter_mut().for_each(|text| self.text(text));
    }

    fn server(&mut self, server: &mut Server) {
        let Server {
            server,
            version: _,
            exported: _,
            staging_mode: _,
            source,
            files,
        } = server;
        self.text(server);
        self.place(source);
        for File { path, sha256: _ } in files {
            self.text(path);
        }
    }

    fn finding(&mut self, finding: &mut Finding) {
        let Finding {
            id: _,
            fingerprint: _,
            area: _,
            object,
            object_path,
            setting,
            change: _,
            primary,
            staging,
            values: _,
            detail,
            severity: _,
            status: _,
            why,
            fix,
            reference: _,
            effect,
            matched_by,
            locations,
            consequences,
            accepted,
            reason,
            server,
            moved_by: _,
            in_baseline: _,
            approved_value,
        } = finding;
        let texts = [object, setting].into_iter().chain(object_path);
        let optional = [primary, staging, effect, matched_by, server, approved_value]
            .into_iter()
            .flatten();
        for text in [Some(why), Some(fix), reason.as_mut()].into_iter().flatten() {
            self.knowledge(text);
        }
        for text in texts.chain(optional).chain(consequences) {
            self.text(text);
        }
        for Detail {
            id: _,
            what,
            change: _,
            primary,
            staging,
        } in detail
        {
            for text in [Some(what), primary.as_mut(), staging.as_mut()].into_iter().flatten() {
                self.text(text);
            }
        }
        for Place { server, file, line: _ } in locations {
            self.text(server);
            self.text(file);
        }
        if let Some(accepted) = accepted {
            self.acceptance(accepted);
        }
    }

    fn acceptance(&mut self, acceptance: &mut Acceptance) {
        let Acceptance {
            reason,
            owner,
            ticket,
            expires: _,
        } = acceptance;
        for text in [Some(reason), Some(owner), ticket.as_mut()].into_iter().flatten() {
            self.text(text);
        }
    }

    fn unused(&mut self, entry: &mut UnusedAcceptance) {
        let UnusedAcceptance {
            fingerprint: _,
            id,
            object,
            reason,
            owner,
            line: _,
            problem,
        } = entry;
        for text in [id, object].into_iter().flatten().chain([reason, owner, problem]) {
            self.text(text);
        }
    }

    fn gap(&mut self, gap: &mut GapEntry) {
        let GapEntry {
            server,
            part,
            problem,
            file,
            line: _,
            column: _,
        } = gap;
        for text in [server, part, problem].into_iter().chain(file) {
            self.text(text);
        }
    }

    /// A path as the user gave it: the folders it lies in say who made the report and where.
    fn place(&mut self, path: &mut String) {
        if let Some(at) = path.trim_end_matches(['/', '\\']).rfind(['/', '\\']) {
            path.drain(..=at);
        }
        self.text(path);
    }
}
