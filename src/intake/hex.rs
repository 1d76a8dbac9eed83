//! Digests of files.
//!
//! In: the bytes on disk. Out: SHA-256 as `Get-FileHash` prints it. Must not
//! know: anything else; secrets are digested elsewhere and never printed.

use sha2::{Digest, Sha256};

/// SHA-256 in upper-case hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        hex.push(DIGITS[usize::from(byte >> 4)]);
        hex.push(DIGITS[usize::from(byte & 15)]);
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::sha256;

    #[test]
    fn is_the_published_digest() {
        assert_eq!(
            sha256(b"abc"),
            "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"
        );
    }
}
