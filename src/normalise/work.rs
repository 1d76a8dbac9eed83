//! The documents of all servers, read by a few threads.
//!
//! In: what intake found on each server. Out: a [`Fragment`] for each document,
//! in the order of the documents whatever thread read it, with what a snapshot keeps of it
//! where somebody asks for that. Must not know: what
//! documents say, how fragments relate.

use super::kept::{Keeper, Kept};
use super::plan::{Plan, PlanIndex};
use super::schema::{self, SchemaText, Schemas};
use super::ticks::Ticks;
use super::walk::Walk;
use super::{element_of, gap, items, shape};
use crate::catalogue::Catalogue;
use crate::intake::{Answer, Cut, Document, Intake, Limits, Node, Slice, Tree, item, parse, parse_shared};
use crate::model::{Configuration, Gap, on_one_line};
use crate::threads::each;
use std::cmp::Reverse;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Threads that share the documents of a single server.
const THREADS: usize = 2;

/// All documents, and what it takes to read them.
pub struct Work<'w> {
    documents: Vec<(&'w Document, Option<&'w str>)>,
    /// Positions of documents, large ones first: so the threads end at about the same time.
    order: Vec<usize>,
    next: AtomicUsize,
    plan: Plan,
    catalogue: &'static Catalogue,
    limits: &'w Limits,
    schemas: Schemas,
    /// Which schemas a snapshot need not keep, where one is taken.
    known: Option<Known<'w>>,
}

/// Whether a schema is known, by its digest.
pub type Known<'k> = &'k (dyn Fn(&[u8; 32]) -> bool + Sync);

/// What one document gives.
#[derive(Default)]
pub struct Fragment {
    /// Objects (their parents counted within the fragment), gaps and ledger.
    read: Configuration,
    /// A schema whose leaves are not in the ledger yet.
    cut: Option<Arc<schema::Document>>,
    /// Whether it holds no settings of its own.
    witness: bool,
    /// Why something that is no setting could not be read.
    unread: Option<String>,
    /// What a snapshot keeps of it.
    pub kept: Option<Kept>,
}

impl Fragment {
    /// Adds the fragment to its server's configuration.
    pub fn join(self, configuration: &mut Configuration) {
        configuration.bundle.unread.extend(self.unread);
        let all = match self.witness {
            true => &mut configuration.witnesses,
            false => &mut configuration.objects,
        };
        let before = all.len();
        all.extend(self.read.objects.into_iter().map(|mut object| {
            object.parent = object.parent.map(|parent| parent + before);
            object
        }));
        configuration.gaps.extend(self.read.gaps);
        if self.witness {
            return;
        }
        configuration.ledger.add(self.read.ledger);
    }
}

impl<'w> Work<'w> {
    /// Lists the documents.
    pub fn new(
        inputs: &'w [Intake],
        catalogue: &'static Catalogue,
        limits: &'w Limits,
        known: Option<Known<'w>>,
    ) -> Work<'w> {
        let documents: Vec<_> = inputs
            .iter()
            .flat_map(|input| {
                let path = |document: &Document| input.files.get(document.file).map(|file| file.path.as_str());
                input.documents.iter().map(move |document| (document, path(document)))
            })
            .collect();
        let mut order: Vec<usize> = (0..documents.len()).collect();
        order.sort_by_key(|&at| Reverse(documents[at].0.text.len()));
        Work {
            documents,
            order,
            next: AtomicUsize::new(0),
            plan: Plan::of(catalogue),
            catalogue,
            limits,
            schemas: Schemas::default(),
            known,
        }
    }

    /// Reads all documents; the fragments stand in the order of the documents.
    pub fn run(&self, servers: usize) -> Vec<Fragment> {
        let threads = servers.max(THREADS);
        let mut fragments: Vec<Fragment> = self.documents.iter().map(|_| Fragment::default()).collect();
        for (at, fragment) in each(0..threads, |_| self.some()).into_iter().flatten() {
            fragments[at] = fragment;
        }
        // What only one server has is about to be compared with another schema.
        let alone = self.schemas.alone();
        if servers > 1 && !alone.is_empty() {
            each(0..threads, |first| {
                let own = alone.iter().skip(first).step_by(threads);
                own.for_each(|schema| schema.prepare());
            });
        }
        for (fragment, (document, path)) in fragments.iter_mut().zip(&self.documents) {
            let Some(schema) = fragment.cut.take() else { continue };
            match schema.leaves() {
                Some(leaves) => {
                    fragment.read.ledger.leaves += leaves;
                    fragment.read.ledger.compared += leaves;
                }
                // The parser has to say what is wrong with the whole.
                None => *fragment = self.whole(document, *path),
            }
        }
        fragments
    }

    /// Reads documents until there are none left.
    fn some(&self) -> Vec<(usize, Fragment)> {
        let mut fragments = Vec::new();
        while let Some(&at) = self.order.get(self.next.fetch_add(1, Ordering::Relaxed)) {
            let (document, path) = self.documents[at];
            let fragment = self.cut(document, path).unwrap_or_else(|| self.whole(document, path));
            if let Some(schema) = &fragment.cut {
                schema.check();
            }
            fragments.push((at, fragment));
        }
        fragments
    }

    /// Reads a document without its schema, which is parsed apart and only once for all servers that have it.
    fn cut(&self, document: &Document, path: Option<&str>) -> Option<Fragment> {
        let root = element_of(document.part)?;
        let schema = self.plan.schema(self.plan.root(root)?)?;
        let cut = Cut::of(&document.text, root, schema, self.limits)?;
        let tree = cut.parse(self.limits)?;
        // A schema that the walk did not see must not stay unread.
        Some(self.tree(&tree, document, path, true)).filter(|fragment| fragment.cut.is_some())
    }

    /// What a snapshot keeps of a document that is read whole only for it: its schema is news.
    fn kept_whole(&self, document: &Document) -> Option<Kept> {
        let tree = parse_shared(&document.text, self.limits).ok()?;
        self.kept(&tree, document)
    }

    /// What a snapshot keeps of a document that says nothing to others.
    fn kept(&self, tree: &Tree<'_>, document: &Document) -> Option<Kept> {
        self.known?;
        let (inner, place) = self.inner(tree, document)?;
        let mut read = Configuration::default();
        let (ticks, _) = self.walk(tree, document, &mut read).run(inner, place);
        Some(self.keep(tree, document, (inner, place), &ticks))
    }

    fn keep(&self, tree: &Tree<'_>, document: &Document, (inner, place): (Node<'_>, PlanIndex), ticks: &Ticks) -> Kept {
        let keeper = Keeper {
            plan: &self.plan,
            catalogue: self.catalogue,
            ticks,
        };
        let schema = self.plan.schema(place).and_then(|name| inner.child(name));
        Kept {
            file: document.file,
            part: document.part,
            root: keeper.document(tree.root(), inner, place),
            schema: schema.map(|schema| SchemaText {
                digest: Slice::of(schema).digest(),
                left_out: false,
            }),
        }
    }

    /// The element that is the document, within its wrapper if it has one, and where the plan has it.
    fn inner<'t>(&self, tree: &'t Tree<'t>, document: &Document) -> Option<(Node<'t>, PlanIndex)> {
        let root = tree.root();
        let Some(wanted) = element_of(document.part) else {
            return Some(root).zip(self.plan.root(&root.name()));
        };
        let inner = if root.is(wanted) {
            Some(root)
        } else {
            root.child(wanted)
        };
        inner.zip(self.plan.root(wanted))
    }

    fn walk<'a, 't>(&'a self, tree: &'a Tree<'t>, document: &Document, read: &'a mut Configuration) -> Walk<'a, 't> {
        Walk::new(
            &self.plan,
            &self.catalogue.facts,
            tree,
            document.file,
            self.limits,
            &self.schemas,
            read,
        )
    }

    fn whole(&self, document: &Document, path: Option<&str>) -> Fragment {
        if let Some(answer) = &document.item {
            return self.item(document, answer, path);
        }
        match parse_shared(&document.text, self.limits) {
            Ok(tree) => self.tree(&tree, document, path, false),
            Err(problem) => failed(document, path, problem.problem, (problem.line, problem.column)),
        }
    }

    /// An item of a bundle; what is no setting gives nothing.
    fn item(&self, document: &Document, answer: &Answer, path: Option<&str>) -> Fragment {
        let text = match items::text(&self.plan, document, answer, self.limits) {
            Ok(Some(text)) => text,
            Ok(None) => return Fragment::default(),
            Err(problem) => return self.unread(answer, path, problem),
        };
        let tree = match parse(&text, self.limits) {
            Ok(tree) => tree,
            Err(problem) => {
                let place = (problem.line, problem.column);
                return self.unread(answer, path, (problem.problem, Some(place)));
            }
        };
        let wrong = self
            .inner(&tree, document)
            .and_then(|(root, place)| shape::wrong(&self.plan, root, place));
        match wrong {
            Some((problem, line)) => Fragment {
                kept: self.kept(&tree, document),
                ..self.unread(answer, path, (problem, Some((line, 1))))
            },
            None => self.tree(&tree, document, path, false),
        }
    }

    /// An item that says nothing, and why. What is no setting of its own is missed only where every server has to say it;
    /// where the export itself failed, anything may be missing.
    fn unread(&self, answer: &Answer, path: Option<&str>, (problem, place): items::Problem) -> Fragment {
        let root = self.plan.root(&item::root_of(&answer.id));
        let missed = root.is_some_and(|place| !self.plan.is_witness(place) || self.plan.is_required(place));
        if !missed && !answer.required {
            return Fragment {
                unread: notes(vec![problem], path),
                ..Fragment::default()
            };
        }
        let gap = items::missing(&answer.id, problem, self.catalogue);
        alone(Gap {
            file: path.map(str::to_owned),
            line: place.map(|(line, _)| line),
            column: place.map(|(_, column)| column),
            ..gap
        })
    }

    /// `without`: the schema is not in the tree.
    fn tree(&self, tree: &Tree<'_>, document: &Document, path: Option<&str>, without: bool) -> Fragment {
        let root = tree.root();
        let wanted = element_of(document.part).unwrap_or(item::ROOT);
        let Some((inner, place)) = self.inner(tree, document) else {
            let problem = format!(
                "the root element is <{}>, not <{wanted}>: this is not a document of {}; export again",
                root.name(),
                document.part.folder()
            );
            return failed(document, path, problem, (tree.line(root), 1));
        };
        if !inner.has_elements() && !inner.is_file() {
            let problem = format!("<{wanted}> is empty: nothing was exported into this file; export again");
            return Fragment {
                kept: self.kept(tree, document),
                ..failed(document, path, problem, (tree.line(inner), 1))
            };
        }
        let mut read = Configuration::default();
        let (ticks, cut) = self.walk(tree, document, &mut read).run(inner, place);
        read.ledger = ticks.ledger();
        read.gaps.iter_mut().for_each(|gap| gap.file = path.map(str::to_owned));
        let unread = notes(std::mem::take(&mut read.bundle.unread), path);
        let kept = self.known.and_then(|known| {
            let kept = self.keep(tree, document, (inner, place), &ticks);
            let schema = kept.schema.filter(|_| without);
            match schema {
                Some(schema) if !known(&schema.digest) => self.kept_whole(document),
                schema => Some(Kept {
                    schema: schema
                        .map(|schema| SchemaText {
                            left_out: true,
                            ..schema
                        })
                        .or(kept.schema),
                    ..kept
                }),
            }
        });
        Fragment {
            kept,
            read,
            cut,
            witness: self.plan.is_witness(place),
            unread,
        }
    }
}

/// What of a document could not be read and is judged by nobody, the fourth and following only counted.
fn notes(mut problems: Vec<String>, path: Option<&str>) -> Option<String> {
    const SHOWN: usize = 3;
    problems.dedup();
    let more = problems.len().saturating_sub(SHOWN);
    problems.truncate(SHOWN);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let at = path.map(|path| format!("{}: ", on_one_line(path))).unwrap_or_default();
    (!problems.is_empty()).then(|| format!("{at}{}{more}", problems.join("; ")))
}

/// A document that says nothing, and why.
fn failed(document: &Document, path: Option<&str>, problem: String, (line, column): (u32, u32)) -> Fragment {
    let gap = Gap {
        file: path.map(str::to_owned),
        line: Some(line),
        column: Some(column),
        ..gap(document.part.folder(), problem)
    };
    alone(gap)
}

fn alone(gap: Gap) -> Fragment {
    Fragment {
        read: Configuration {
            gaps: vec![gap],
            ..Configuration::default()
        },
        ..Fragment::default()
    }
}
