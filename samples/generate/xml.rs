//! A small XML writer.
//!
//! In: elements in document order. Out: text in the two layouts of real exports: two blanks of indent,
//! or everything on one line. Elements without content close themselves (`<description />`).

/// Collects one document.
#[derive(Default)]
pub struct Xml {
    text: String,
    open: Vec<Element>,
    flat: bool,
    unit: usize,
}

struct Element {
    name: String,
    /// The start tag still lacks its `>`.
    pending: bool,
    /// A child stands on a line of its own.
    broken: bool,
}

impl Xml {
    /// An empty document with indent.
    pub fn new() -> Xml {
        Xml {
            unit: 2,
            ..Xml::default()
        }
    }

    /// From here on everything on one line, or no longer.
    pub fn flat(&mut self, flat: bool) {
        self.flat = flat;
    }

    /// Opens an element.
    pub fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.finish_start();
        if !self.flat {
            if let Some(parent) = self.open.last_mut() {
                parent.broken = true;
            }
            self.new_line();
        }
        self.text.push('<');
        self.text.push_str(name);
        for (key, value) in attributes {
            self.text
                .push_str(&format!(" {key}=\"{}\"", escape(value).replace('"', "&quot;")));
        }
        self.open.push(Element {
            name: name.to_owned(),
            pending: true,
            broken: false,
        });
    }

    /// Closes the innermost element.
    pub fn close(&mut self) {
        if let Some(element) = self.open.pop() {
            if element.pending {
                self.text.push_str(" />");
                return;
            }
            if element.broken && !self.flat {
                self.new_line();
            }
            self.text.push_str(&format!("</{}>", element.name));
        }
    }

    /// An element with text.
    pub fn leaf(&mut self, name: &str, text: &str) {
        self.leaf_with(name, &[], text);
    }

    /// An element with attributes and text.
    pub fn leaf_with(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes);
        if !text.is_empty() {
            self.finish_start();
            self.text.push_str(&escape(text));
        }
        self.close();
    }

    /// The document.
    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.text
    }

    fn finish_start(&mut self) {
        if let Some(element) = self.open.last_mut()
            && element.pending
        {
            element.pending = false;
            self.text.push('>');
        }
    }

    fn new_line(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
            self.text.push_str(&" ".repeat(self.unit * self.open.len()));
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
