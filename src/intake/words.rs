//! Which names are those of credentials.
//!
//! In: the name of a parameter, element, attribute, variable or segment of a
//! connection string. Out: whether its value is a secret. Names are split into
//! words at letter case, digits and punctuation; the lists below are closed.
//! Must not know: values.

/// Words that alone say that a value is a credential.
const CREDENTIALS: &str = "password passwords passwd pwd passwort kennwort passphrase passcode secret secrets token \
    tokens credential credentials bindpw userpw clientsecret appsecret sharedsecret motdepasse contraseña contraseÑa \
    contrasena senha wachtwoord lösenord";

/// Ends of words written together that say the same (`adminpassword`, `apikey`).
const ENDINGS: &str = "password passwd pwd apikey accesskey accountkey sharedkey secretkey privatekey storagekey \
    masterkey signingkey encryptionkey subscriptionkey accesstoken authtoken refreshtoken accesssignature passwort \
    kennwort motdepasse wachtwoord";

/// A word that is a credential when it is the last one (`ftp_pass`).
const LAST: &str = "pass pw";

/// Words that are a credential only after another: `Pass Word`, `MotDePasse`.
const PAIRS: [(&str, &str); 2] = [("pass", "word"), ("de", "passe")];

/// Last words of the name of a setting that make it a secret. In a text they mean too much else.
const SETTINGS: &str = "pin pincode salt";

/// How tokens begin that their own shape gives away, and how many characters follow at least.
pub(super) const TOKENS: [(&str, usize); 6] = [
    ("ghp_", 30),
    ("gho_", 30),
    ("ghu_", 30),
    ("ghs_", 30),
    ("ghr_", 30),
    ("github_pat_", 20),
];

/// How the identifiers of key pairs begin, which a secret key mostly follows.
pub(super) const KEY_PAIRS: [&str; 2] = ["AKIA", "ASIA"];

/// What makes a `key` a secret when it stands right before it.
const KEYS: &str = "api access account shared secret private encryption subscription master storage signing auth \
    authentication function client app application consumer symmetric crypto session security";

/// Words after a credential that turn the name into something about it (`PasswordSync`, `TokenEndpoint`).
const ABOUT: &str = "age algorithm allowed attribute attributes change changed column complexity config configuration \
    count days directory disabled enabled encoding endpoint expiration expire expired expires expiry extension field \
    file filename folder format history hours interval kind last length lifetime logon management maximum minimum \
    minutes mode name needed never not notification operation operations option options path policies policy prompt \
    provider required reset retry script seconds server size supported sync synchronization timeout type uri url \
    writeback";

/// First words that make a name a switch (`EnablePasswordSync`, `UsePassword`).
const SWITCHES: &str =
    "allow allows disable enable enabled has hide is max maximum min minimum require requires show use";

/// Words anywhere in a name that make it public (`PublicKeyToken`) or something else altogether.
const HARMLESS: &str = "public cancellation";

/// Whether the value of a setting with this name is a secret.
pub(super) fn is_secret_setting(name: &str) -> bool {
    is_credential(name) || split(name).last().is_some_and(|word| within(SETTINGS, word))
}

/// Whether a text may hold a token that no name comes before.
pub(super) fn may_hold_token(text: &str) -> bool {
    let tokens = TOKENS.iter().map(|(start, _)| *start);
    tokens.chain(KEY_PAIRS).any(|start| text.contains(start))
}

/// Whether the value of something with this name is a secret.
pub(super) fn is_credential(name: &str) -> bool {
    if !may_be(name) {
        return false;
    }
    let words: Vec<&str> = split(name).collect();
    let Some(at) = (0..words.len()).rev().find(|&at| names_secret(&words, at)) else {
        return false;
    };
    let about = words.iter().skip(at + 1).any(|word| within(ABOUT, word));
    let switch = at > 0 && words.first().is_some_and(|word| within(SWITCHES, word));
    let harmless = words.iter().any(|word| within(HARMLESS, word));
    !(about || switch || harmless)
}

/// Whether the word at a place says that this is a secret.
fn names_secret(words: &[&str], at: usize) -> bool {
    let Some(word) = words.get(at) else {
        return false;
    };
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    let follows = |list| before.is_some_and(|before| within(list, before));
    within(CREDENTIALS, word)
        || ENDINGS.split(' ').any(|ending| ends_with(word, ending))
        || (at + 1 == words.len() && within(LAST, word))
        || (within("key keys", word) && follows(KEYS))
        || (within("signature", word) && follows("access"))
        || PAIRS
            .iter()
            .any(|(first, second)| within(second, word) && follows(first))
}

/// Verbs of PowerShell commands that give a value.
const VERBS: &str = "convert convertfrom convertto export find get import invoke join measure new out read receive \
    request resolve search select split unlock unprotect";

/// Whether a word is a command of PowerShell (`Get-Secret`).
pub(super) fn is_command(word: &str) -> bool {
    let letters = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    word.split_once('-')
        .is_some_and(|(verb, noun)| within(VERBS, verb) && letters(noun))
}

/// Whether a word is one of a list.
fn within(list: &str, word: &str) -> bool {
    list.split(' ').any(|entry| entry.eq_ignore_ascii_case(word))
}

/// Whether an ASCII text ends with another, whatever the letter case.
fn ends_with(text: &str, end: &str) -> bool {
    let start = text.len().checked_sub(end.len());
    start
        .and_then(|start| text.get(start..))
        .is_some_and(|rest| rest.eq_ignore_ascii_case(end))
}

/// A cheap test that most names fail: do they have the letters of a credential at all?
fn may_be(name: &str) -> bool {
    let letters = name
        .bytes()
        .filter(u8::is_ascii_alphabetic)
        .fold(0_u32, |letters, byte| letters | 1 << (byte.to_ascii_lowercase() - b'a'));
    LETTERS.iter().any(|wanted| letters & wanted == *wanted)
}

/// The letters of each credential, as one bit each.
const LETTERS: [u32; 12] = [
    letters("contrase"),
    letters("senha"),
    letters("wachtword"),
    letters("lsenord"),
    letters("pas"),
    letters("pw"),
    letters("kenwort"),
    letters("secrt"),
    letters("tokn"),
    letters("credntial"),
    letters("key"),
    letters("signature"),
];

const fn letters(word: &str) -> u32 {
    let mut letters = 0;
    let mut rest = word.as_bytes();
    while let [letter, after @ ..] = rest {
        letters |= 1 << (*letter - b'a');
        rest = after;
    }
    letters
}

/// Splits a name into words: `client_secret`, `ApiKey`, `SASToken`, `Password (auxiliary)`.
pub(super) fn split(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphabetic())
        .filter(|run| !run.is_empty())
        .flat_map(Camel)
}

/// Words of a run of letters, split at letter case.
struct Camel<'a>(&'a str);

impl<'a> Iterator for Camel<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let run = self.0;
        let mut letters = run.char_indices().peekable();
        let (_, mut before) = letters.next()?;
        while let Some((at, letter)) = letters.next() {
            let next_is_lower = letters.peek().is_some_and(|(_, next)| next.is_lowercase());
            // `apiKey` splits before K; `SASToken` before the T that begins a word.
            if letter.is_uppercase() && (before.is_lowercase() || next_is_lower) {
                let (word, rest) = run.split_at_checked(at)?;
                self.0 = rest;
                return Some(word);
            }
            before = letter;
        }
        self.0 = "";
        Some(run)
    }
}

#[cfg(test)]
mod tests {
    use super::{is_credential, split};

    #[test]
    fn names_are_split_into_words() {
        let words = |name| split(name).collect::<Vec<_>>().join(" ");
        assert_eq!(words("EnablePasswordSync"), "Enable Password Sync");
        assert_eq!(words("client_secret-2.x"), "client secret x");
        assert_eq!(words("SASToken"), "SAS Token");
        assert_eq!(words("APIKey"), "API Key");
        assert_eq!(words("PASSWORD"), "PASSWORD");
        assert_eq!(words("Password  (impersonate)"), "Password impersonate");
        assert_eq!(words("__"), "");
        assert_eq!(words("ÄÖüTest"), "Ä Öü Test");
    }

    #[test]
    fn credentials_are_recognised() {
        for name in "password; Password; PASSWORD; Password (auxiliary); Password  (impersonate); bind-password; \
            forest-login-password; ApiKey; APIKey; api_key; apikey; X-Api-Key; client_secret; ClientSecret; \
            clientsecret; access-key; AccountKey; SharedAccessKey; Shared Access Key; SharedAccessSignature; \
            access_token; Bearer Token; token; Credential; credentials; userPwd; adminpassword; dbpasswd; \
            unicodePwd; private key; ftp_pass; Password2; passphrase; Kennwort; ClientSecretId; \
            NetworkCredential; secretKeys; PassWord; Pass Word; MotDePasse; mot_de_passe; DbMotDePasse; Contraseña; \
            CONTRASEÑA; dbpasswort; Lösenord; Senha"
            .split("; ")
        {
            assert!(is_credential(name), "{name}");
        }
    }

    #[test]
    fn ordinary_settings_stay_plain() {
        for name in "password-sync; password-hash-sync-config; password-sync-allowed; EnablePasswordSync; \
            allow-low-security; password-change-history-size; password-management-enabled; \
            aad-password-reset-config; password-set-enabled; password-change-enabled; \
            password-extension-config; password-extension-enabled; Microsoft.OptionalFeature.PasswordHashSync; \
            Microsoft.OptionalFeature.PasswordWriteback; Microsoft.Synchronize.ForceFullPasswordSync; Password \
            Management Script; KeyAttribute; Key; PrimaryKey; stkDeviceKey; secretary; pwdLastSet; \
            lastPasswordChangeTimestamp; PublicKeyToken; TokenEndpoint; Token URL; PasswordNeverExpires; \
            ChangePasswordAtLogon; UsePassword; passthrough; PassThroughAuthentication; Bypass; monkey; \
            Turkey; compass rose; encrypted-attributes; name; unlock-account; PasswordResetConfiguration; \
            tokenize; word; In Passing; coup de grace; pin; salt"
            .split("; ")
        {
            assert!(!is_credential(name), "{name}");
        }
    }
}
