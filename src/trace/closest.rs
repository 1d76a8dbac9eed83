//! Names that a mistyped one may have meant.
//!
//! In: what was typed, names that exist. Out: the closest of them. Must not
//! know: what the names stand for.

/// At most so many suggestions.
const MANY: usize = 5;
/// Longer texts are no typing errors.
const LONGEST: usize = 120;

/// The closest names, best first; none where nothing is close.
pub fn closest<'n>(typed: &str, names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let typed: Vec<char> = typed.to_lowercase().chars().take(LONGEST + 1).collect();
    let allowed = (typed.len() / 3).max(1);
    let mut scored: Vec<(usize, &str)> = names
        .filter_map(|name| {
            let folded: Vec<char> = name.to_lowercase().chars().collect();
            if typed.len() > LONGEST || folded.len() > LONGEST {
                return None;
            }
            let contains = typed.len() >= 3 && folded.windows(typed.len()).any(|part| part == typed);
            let score = distance(&typed, &folded);
            // A part of a name is a likely abbreviation, however much is missing.
            let close = score <= allowed || contains;
            close.then_some((if contains { score.min(allowed) } else { score }, name))
        })
        .collect();
    scored.sort_unstable();
    scored.dedup();
    scored.into_iter().take(MANY).map(|(_, name)| name).collect()
}

/// Characters to insert, remove, replace or swap with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows: [Vec<usize>; 3] = [Vec::new(), Vec::new(), (0..=b.len()).collect()];
    for (i, &x) in a.iter().enumerate() {
        rows.rotate_left(1);
        let [before, last, _] = &rows;
        let mut row = vec![i + 1];
        for (j, &y) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        rows[2] = row;
    }
    rows[2].last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::closest;

    const NAMES: [&str; 5] = [
        "department",
        "departmentNumber",
        "displayName",
        "extensionAttribute5",
        "mail",
    ];

    #[test]
    fn typing_errors_and_parts_of_names_are_close() {
        let found = |typed| closest(typed, NAMES.into_iter());
        assert_eq!(found("departmnet"), ["department"]);
        assert_eq!(found("depart"), ["department", "departmentNumber"]);
        assert_eq!(found("ExtensionAtribute5"), ["extensionAttribute5"]);
        assert_eq!(found("mial"), ["mail"]);
        assert!(found("telephoneNumber").is_empty());
        assert!(found("").is_empty());
        assert!(found(&"x".repeat(100_000)).is_empty());
    }
}
