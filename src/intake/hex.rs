//! Digests of files.
//!
//! In: the bytes on disk. Out: SHA-256 as `Get-FileHash` prints it. Must not
//! know: anything else; secrets are digested elsewhere and never printed.

use sha2::{Digest, Sha256};
use std::io::{self, Read};

/// SHA-256 in upper-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// The same of all that can be read, and how many bytes that is.
pub(super) fn sha256_of(mut file: impl Read) -> io::Result<(String, u64)> {
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    let mut bytes: u64 = 0;
    loop {
        let count = match file.read(&mut buffer) {
            Ok(0) => return Ok((hexadecimal(&digest.finalize()), bytes)),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        digest.update(buffer.get(..count).unwrap_or_default());
        bytes = bytes.saturating_add(count as u64);
    }
}

fn hexadecimal(digest: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    let mut hex = String::with_capacity(64);
    for byte in digest {
        hex.push(DIGITS[usize::from(byte >> 4)]);
        hex.push(DIGITS[usize::from(byte & 15)]);
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::{sha256, sha256_of};

    #[test]
    fn is_the_published_digest() {
        assert_eq!(
            sha256(b"abc"),
            "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"
        );
        let large = vec![7; 200_000];
        assert_eq!(sha256_of(large.as_slice()).unwrap(), (sha256(&large), 200_000));
    }
}
