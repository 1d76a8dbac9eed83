//! Published custom rules (JSON) as rule files of an export.
