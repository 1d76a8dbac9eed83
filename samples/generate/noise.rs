//! What every server makes up for itself: identifiers, counters, times, cookies.
//!
//! In: the server's name and the name of an object. Out: values that look as in a real export and are
//! the same on every run, on every platform.

/// The noise of one server.
pub struct Noise {
    server: String,
}

impl Noise {
    /// Noise for a server, or for a thing that all servers share (a domain's identifier).
    pub fn of(server: &str) -> Noise {
        Noise {
            server: server.to_owned(),
        }
    }

    /// A number below `limit`.
    pub fn number(&self, kind: &str, name: &str, limit: u64) -> u64 {
        self.stream(kind, name).next() % limit.max(1)
    }

    /// An identifier without braces, in small letters.
    pub fn guid(&self, kind: &str, name: &str) -> String {
        let mut stream = self.stream(kind, name);
        let (high, low) = (stream.next(), stream.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            (low >> 48) & 0x3fff | 0x8000,
            low & 0xffff_ffff_ffff
        )
    }

    /// An identifier in braces, in small letters.
    pub fn braced(&self, kind: &str, name: &str) -> String {
        format!("{{{}}}", self.guid(kind, name))
    }

    /// Twelve hexadecimal digits, as in the names of service accounts.
    pub fn account(&self, kind: &str, name: &str) -> String {
        format!("{:012x}", self.stream(kind, name).next() >> 16)
    }

    /// A time of that day in working hours, `2026-03-14 10:11:12.345`.
    pub fn time(&self, day: &str, kind: &str, name: &str) -> String {
        let milliseconds = self.number(kind, name, 8 * 3_600_000);
        let seconds = milliseconds / 1000;
        let (hour, minute, second) = (8 + seconds / 3600, seconds / 60 % 60, seconds % 60);
        format!("{day} {hour:02}:{minute:02}:{second:02}.{:03}", milliseconds % 1000)
    }

    /// A time of that day in that hour, for things that were made one after the other.
    pub fn time_in_hour(&self, day: &str, hour: usize, kind: &str, name: &str) -> String {
        let rest = self.number(kind, name, 3_600_000);
        let (minute, second) = (rest / 60_000, rest / 1000 % 60);
        format!("{day} {hour:02}:{minute:02}:{second:02}.{:03}", rest % 1000)
    }

    /// Random bytes.
    pub fn bytes(&self, kind: &str, name: &str, count: usize) -> Vec<u8> {
        let mut stream = self.stream(kind, name);
        let mut bytes = Vec::with_capacity(count + 8);
        while bytes.len() < count {
            bytes.extend_from_slice(&stream.next().to_le_bytes());
        }
        bytes.truncate(count);
        bytes
    }

    /// Puts things into an order of this server's own.
    pub fn shuffle<T>(&self, kind: &str, name: &str, things: &mut [T]) {
        let mut stream = self.stream(kind, name);
        for last in (1..things.len()).rev() {
            let other = stream.next() % (last as u64 + 1);
            things.swap(last, other as usize);
        }
    }

    fn stream(&self, kind: &str, name: &str) -> Stream {
        let mut state: u64 = 0xcbf2_9ce4_8422_2325;
        for part in [self.server.as_str(), kind, name] {
            for byte in part.bytes().chain(std::iter::once(0)) {
                state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        Stream { state }
    }
}

/// Numbers that follow from a seed (SplitMix64).
struct Stream {
    state: u64,
}

impl Stream {
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// Base64 with padding.
pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut word = 0_usize;
        for place in 0..3 {
            word = word << 8 | chunk.get(place).copied().map_or(0, usize::from);
        }
        for place in 0..4 {
            if place <= chunk.len() {
                text.push(char::from(LETTERS[word >> (18 - 6 * place) & 63]));
            } else {
                text.push('=');
            }
        }
    }
    text
}
