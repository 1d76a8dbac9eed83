//! Words by which a value says something or nothing.
//!
//! In: a row's words and a text. Out: whether the text counts as a value at
//! all. Must not know: what the text is about.

use serde::Deserialize;

/// Words that a value is judged by. Letter case, white space, kinds of quotes and comments of XML do not count.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Says {
    /// One of these has to stand in it; what opens a quotation has to have something in it.
    any: Vec<String>,
    /// With one of these it says nothing, whatever else stands in it.
    #[serde(default)]
    unless: Vec<String>,
}

impl Says {
    /// Whether a text says something; without words every text does.
    pub fn something(&self, text: &str) -> bool {
        if self.any.is_empty() {
            return true;
        }
        let plain = plain(text);
        let off = self.unless.iter().any(|word| plain.contains(word.as_str()));
        !off && self.any.iter().any(|word| stands_in(&plain, word))
    }
}

/// Whether a word stands in a text; of one that opens a quotation, whether an opened one is not closed at once.
fn stands_in(text: &str, word: &str) -> bool {
    let mut places = text.match_indices(word);
    places.any(|(at, _)| !word.ends_with("=\"") || !text[at + word.len()..].starts_with('"'))
}

fn plain(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    let letters = kept.chars().filter(|c| !c.is_whitespace());
    let folded = letters.flat_map(char::to_lowercase);
    folded.map(|c| if c == '\'' { '"' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::Says;

    fn proxy(text: &str) -> bool {
        let says = Says {
            any: ["proxyaddress=\"", "autodetect=\"true\""].map(str::to_owned).to_vec(),
            unless: vec!["enabled=\"false\"".to_owned()],
        };
        says.something(text)
    }

    #[test]
    fn what_is_empty_off_or_a_comment_says_nothing() {
        assert!(proxy(
            "<defaultProxy><proxy ProxyAddress = 'http://p:1' /></defaultProxy>"
        ));
        assert!(proxy("<proxy proxyaddress=\"\" autoDetect=\"True\"/>"));
        for none in [
            "",
            "<defaultProxy enabled=\"true\" />",
            "<proxy proxyaddress=\"\" autoDetect=\"False\"/>",
            "<defaultProxy Enabled = \"False\"><proxy proxyaddress=\"http://p:1\"/></defaultProxy>",
            "<defaultProxy><!-- <proxy proxyaddress=\"http://p:1\"/> --></defaultProxy>",
            "<defaultProxy><!-- <proxy proxyaddress=\"http://p:1\"/>",
        ] {
            assert!(!proxy(none), "{none}");
        }
        assert!(Says::default().something(""));
    }
}
