//! Ids of rows that typed code asks for by name.
//!
//! Matching, rank and verdict need the meaning of a few settings, not only
//! their equality; this is the one place where Rust names them, and a test
//! checks that each is in the catalogue.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $id:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $id;)*
        /// Every id above.
        pub const ALL: &[&str] = &[$($id),*];
    };
}

ids! {
    /// One database for both servers.
    SYNC_DATABASE_SHARED = "sync-database-shared";
    /// Where the database of synchronization is.
    SYNC_DATABASE_SERVER = "sync-database-server";
    /// Instance of the database server.
    SYNC_DATABASE_INSTANCE = "sync-database-instance";
    /// Name of the database.
    SYNC_DATABASE_NAME = "sync-database-name";
    /// Whether Windows enforces FIPS.
    FIPS_ENABLED = "fips-enabled";
    /// Account that a service runs as.
    SERVICE_ACCOUNT = "service-account";
    /// Name of the computer.
    COMPUTER_NAME = "computer-name";
    /// When the collector began.
    BUNDLE_STARTED = "bundle-started";
    /// When the wizard wrote its policy.
    POLICY_TIME = "policy-time";
    /// The day of what is said of the tenant.
    TENANT_AS_OF = "tenant-as-of";
    /// When a connector was changed last.
    CONNECTOR_CHANGED = "connector-last-modification-time";
    /// A synchronization rule's name.
    RULE_NAME = "rule-name";
    /// Whether it is disabled.
    RULE_DISABLED = "rule-disabled";
    /// A default rule's tag.
    RULE_TAG = "rule-immutable-tag";
    /// Inbound or outbound.
    RULE_DIRECTION = "rule-direction";
    /// Its connector.
    RULE_CONNECTOR = "rule-connector";
    /// Object type it reads.
    RULE_SOURCE_TYPE = "rule-source-object-type";
    /// Object type it writes.
    RULE_TARGET_TYPE = "rule-target-object-type";
    /// Link type.
    RULE_LINK_TYPE = "rule-link-type";
    /// Scoping filter.
    RULE_SCOPE = "rule-scoping-filter";
    /// Join groups.
    RULE_JOIN = "rule-join-groups";
    /// Password hash synchronization flag.
    RULE_PASSWORD = "rule-password-sync";
    /// Precedence number; judged as rank among competitors.
    RULE_PRECEDENCE = "rule-precedence";
    /// Its description.
    RULE_DESCRIPTION = "rule-description";
    /// Its GUID.
    RULE_IDENTIFIER = "rule-identifier";
    /// How long objects that leave it are kept.
    RULE_SOFT_DELETE = "rule-soft-delete-expiry";
    /// What a target gets, where no setting explains that it differs.
    EFFECTIVE_FLOW = "effective-attribute-flow";
    /// A custom rule on one server only.
    CUSTOM_RULE_MISSING = "custom-rule-missing";
    /// A default rule on one server only.
    DEFAULT_RULE_MISSING = "default-rule-missing";
    /// A default rule whose body was edited.
    DEFAULT_RULE_MODIFIED = "default-rule-modified";
    /// Default rules that a newer build brought.
    DEFAULT_RULES_UPDATED = "default-rules-updated";
    /// Clone and disabled original against a modified default rule.
    RULE_CLONED_DEFAULT = "rule-cloned-default";
    /// The disabled copy beside a modified default rule.
    DEFAULT_RULE_TWIN = "default-rule-twin";
    /// Order in which the forests were added.
    FOREST_ORDER = "connector-forest-order";
    /// Two rules with one precedence.
    PRECEDENCE_DUPLICATE = "rule-precedence-duplicate";
    /// A custom rule among the numbers of default rules.
    PRECEDENCE_RESERVED = "rule-precedence-reserved";
    /// Two rules whose scopes certainly meet join in different ways, or both provision.
    JOIN_OVERLAP = "rule-join-overlap";
    /// Two rules whose scopes may meet join or provision.
    JOIN_OVERLAP_POSSIBLE = "rule-join-overlap-possible";
    /// A default rule beside its disabled standard copy.
    DEFAULT_RULE_EDITED = "default-rule-edited";
    /// A disabled default rule whose work nobody does.
    DEFAULT_RULE_UNREPLACED = "default-rule-unreplaced";
    /// A disabled default rule of whose targets custom rules write most.
    DEFAULT_RULE_PARTLY_REPLACED = "default-rule-partly-replaced";
    /// A disabled default rule whose replacement does not join or provision.
    DEFAULT_RULE_LINK_LOST = "default-rule-link-lost";
    /// A default rule that is always installed with others that are there.
    DEFAULT_RULE_DELETED = "default-rule-deleted";
    /// Default rules that get the same attributes in different ways, and should not.
    DEFAULT_RULE_SISTERS = "default-rule-sisters";
    /// Forests of one server with different bodies of a default rule.
    DEFAULT_RULE_FORESTS = "default-rule-forests";
    /// A default rule that one forest of a server lacks.
    DEFAULT_RULE_ABSENT = "default-rule-absent";
    /// An expression that does not tokenise.
    EXPRESSION_UNREADABLE = "expression-unreadable";
    /// An expression that breaks the grammar.
    EXPRESSION_MALFORMED = "expression-malformed";
    /// An expression with a parameter that nobody defines.
    EXPRESSION_PARAMETER = "expression-unknown-parameter";
    /// An expression with a function that no reference names.
    EXPRESSION_FUNCTION = "expression-unknown-function";
    /// A function with an undocumented number of arguments.
    EXPRESSION_ARGUMENTS = "expression-argument-count";
    /// One target attribute of a rule.
    FLOW = "rule-attribute-flow";
    /// Its target.
    FLOW_TARGET = "rule-flow-target";
    /// Its expression.
    FLOW_EXPRESSION = "rule-flow-expression";
    /// Its source attribute or constant.
    FLOW_SOURCE = "rule-flow-source";
    /// How values of several rules are merged.
    FLOW_MERGE_TYPE = "rule-flow-merge-type";
    /// Whether it runs once.
    FLOW_APPLY_ONCE = "rule-flow-apply-once";
    /// Attributes that an export declares beside its expression.
    FLOW_DECLARED = "rule-flow-declared-sources";
    /// The build that wrote the configuration.
    SERVER_BUILD = "server-build";
    /// Staging mode.
    STAGING_MODE = "staging-mode";
    /// Name of the server.
    SERVER_NAME = "server-name";
    /// Time of the export.
    EXPORT_DATE = "export-date";
    /// The tenant.
    ENTRA_TENANT = "entra-tenant";
    /// A path that no row knows.
    UNCATALOGUED = "uncatalogued-setting";
    /// Warning: exports from different days.
    EXPORTS_FAR_APART = "exports-far-apart";
    /// Warning: an export from the future.
    EXPORT_FROM_FUTURE = "export-from-the-future";
    /// Connector's GUID.
    CONNECTOR_IDENTIFIER = "connector-identifier";
    /// Connector's name.
    CONNECTOR_NAME = "connector-name";
    /// Connector's category.
    CONNECTOR_CATEGORY = "connector-category";
    /// Connector's subtype.
    CONNECTOR_SUBTYPE = "connector-subtype";
    /// Forest of an Active Directory connector.
    CONNECTOR_FOREST = "connector-forest";
    /// Ids that an export gives to attributes and classes of a schema.
    SCHEMA_NUMBERING = "connector-schema-numbering";
    /// A connector's schema: what one server lacks, save what live rules use.
    CONNECTOR_SCHEMA = "connector-schema";
    /// An attribute of a connector's schema that live rules use.
    SCHEMA_ATTRIBUTE = "connector-schema-attribute";
    /// An object type of a connector's schema that live rules use.
    SCHEMA_TYPE = "connector-schema-object-type";
    /// An attribute of an object type in a connector's schema that live rules use.
    SCHEMA_BINDING = "connector-schema-binding";
    /// A property of something that both schemas have.
    SCHEMA_PROPERTY = "connector-schema-property";
    /// Attributes that are selected for import.
    ATTRIBUTE_INCLUSION = "connector-attribute-inclusion";
    /// A live rule reads an attribute that is not selected.
    ATTRIBUTE_NOT_SELECTED = "connector-attribute-not-selected";
    /// A live rule reads an attribute that the connector's schema lacks.
    ATTRIBUTE_UNKNOWN = "connector-attribute-unknown";
    /// A live rule writes an attribute that the connector's schema lacks.
    TARGET_UNKNOWN = "connector-target-unknown";
    /// A live rule reads an attribute that the metaverse lacks.
    METAVERSE_UNKNOWN = "metaverse-attribute-unknown";
    /// A live rule writes an attribute that the metaverse lacks.
    METAVERSE_TARGET_UNKNOWN = "metaverse-target-unknown";
    /// Custom rules write a metaverse attribute that nothing reads.
    METAVERSE_UNREAD = "metaverse-attribute-unread";
    /// Protection against accidental deletion.
    DELETION_THRESHOLD = "export-deletion-threshold";
    /// Its number of objects.
    DELETION_THRESHOLD_VALUE = "export-deletion-threshold-value";
    /// The protection is switched off.
    DELETION_THRESHOLD_OFF = "export-deletion-threshold-off";
    /// Programs of several builds on one server.
    HALF_UPGRADED = "half-upgraded";
    /// Settings that changed while their server was collected.
    CHANGED_WHILE_COLLECTED = "changed-while-collected";
    /// How many files the export had when the product wrote it.
    EXPORTED_FILES = "told-export-files";
    /// The tenant that the wizard's policy names.
    POLICY_TENANT = "policy-tenant";
    /// Where the database is, as the product's cmdlet says.
    DATABASE_SERVER = "database-server";
    /// Instance of it.
    DATABASE_INSTANCE = "database-instance";
    /// Its name.
    DATABASE_NAME = "database-name";
    /// The tenant in which the Entra connector's credential is.
    CREDENTIAL_TENANT = "credential-tenant";
    /// Content of a file of the product, or beside it.
    PROGRAM_FILE_HASH = "program-file-hash";
    /// Such a file on one server only.
    PROGRAM_FILE_MISSING = "program-file-missing";
    /// An installed program on one server only.
    INSTALLED_PROGRAM_MISSING = "installed-program-missing";
    /// Version of a service of the product.
    SERVICE_VERSION = "service-version";
    /// Version of a file of the product, or beside it.
    PROGRAM_FILE_VERSION = "program-file-version";
    /// Version of an installed program.
    INSTALLED_PROGRAM_VERSION = "installed-program-version";
    /// Whether a partition is selected.
    PARTITION_SELECTED = "partition-selected";
    /// A partition on one server only.
    PARTITION_MISSING = "partition-missing";
    /// A selected partition that a run profile passes over.
    PARTITION_WITHOUT_STEP = "partition-without-step";
    /// A run profile on one server only.
    RUN_PROFILE_MISSING = "run-profile-missing";
    /// A step on one server only.
    RUN_STEP_MISSING = "run-step-missing";
    /// Code of what a step does.
    STEP_TYPE = "run-step-type";
    /// Its kind of import.
    STEP_IMPORT_TYPE = "run-step-import-type";
    /// Its kind of synchronization.
    STEP_SYNCHRONIZATION_TYPE = "run-step-synchronization-type";
    /// Partition that a step runs on.
    STEP_PARTITION = "run-step-partition";
    /// Library of a connector.
    EXTENSION_FILE = "connector-extension-file";
    /// Where password writeback signs in; its path names the tenant.
    WRITEBACK_AUTHORITY = "connector-password-writeback-authority";
    /// Account of the Entra connector.
    CONNECTOR_USER_NAME = "connector-user-name";
    /// Name of a partition, a DN where the directory has them.
    PARTITION_NAME = "partition-name";
    /// Object types of a partition.
    PARTITION_OBJECT_TYPES = "partition-object-types";
    /// Containers that are taken in.
    CONTAINER_INCLUSIONS = "partition-container-inclusions";
    /// Containers that are left out.
    CONTAINER_EXCLUSIONS = "partition-container-exclusions";
    /// What both lists mean for a container.
    OU_SCOPE = "partition-ou-scope";
    /// What both lists mean for a container that none of them names.
    NEW_OU_SCOPE = "partition-new-ou-scope";
    /// Syntax of a metaverse attribute.
    METAVERSE_SYNTAX = "metaverse-attribute-syntax";
    /// Whether it holds a single value.
    METAVERSE_SINGLE_VALUE = "metaverse-attribute-single-value";
    /// Whether it can be indexed.
    METAVERSE_INDEXABLE = "metaverse-attribute-indexable";
    /// Whether it is indexed.
    METAVERSE_INDEXED = "metaverse-attribute-indexed";
    /// Whether an object type requires it.
    BINDING_REQUIRED = "metaverse-binding-required";
    /// What keeps the objects of a type in the metaverse.
    DELETION_RULE = "metaverse-deletion-rule";
}

/// Key of the Entra connector on every server.
pub const ENTRA: &str = "entra";

/// How the key of an Active Directory connector begins; its forest follows.
pub const FOREST: &str = "ad:";

/// Settings of a rule that decide whether, and of which objects, it does anything.
pub const DECIDE_WHERE: [&str; 6] = [
    RULE_DISABLED,
    RULE_LINK_TYPE,
    RULE_DIRECTION,
    RULE_CONNECTOR,
    RULE_SOURCE_TYPE,
    RULE_TARGET_TYPE,
];

/// Kinds of objects that typed code asks for by name.
pub mod kinds {
    /// A synchronization rule.
    pub const RULE: &str = "sync-rule";
    /// The credential of the Entra connector.
    pub const CREDENTIAL: &str = "connector-credential";
    /// One target attribute of a rule.
    pub const FLOW: &str = "attribute-flow";
    /// A connector.
    pub const CONNECTOR: &str = "connector";
    /// A partition of a connector.
    pub const PARTITION: &str = "partition";
    /// A run profile of a connector.
    pub const RUN_PROFILE: &str = "run-profile";
    /// A step of a run profile.
    pub const RUN_STEP: &str = "run-step";
    /// An object type of the metaverse.
    pub const METAVERSE_TYPE: &str = "metaverse-type";
    /// An attribute of the metaverse.
    pub const METAVERSE_ATTRIBUTE: &str = "metaverse-attribute";
    /// An attribute of an object type of the metaverse.
    pub const METAVERSE_BINDING: &str = "metaverse-binding";
    /// The server's global settings.
    pub const GLOBAL: &str = "global-settings";
    /// The service that synchronizes.
    pub const SYNC_SERVICE: &str = "sync-service";
    /// The database of synchronization.
    pub const SYNC_DATABASE: &str = "sync-database";
    /// The same as the product's cmdlet says.
    pub const DATABASE: &str = "database";
    /// FIPS policy of Windows.
    pub const FIPS: &str = "fips";
    /// A file of the product, or beside it.
    pub const PROGRAM_FILE: &str = "program-file";
    /// An installed program.
    pub const INSTALLED_PROGRAM: &str = "installed-program";
    /// The computer.
    pub const COMPUTER: &str = "computer";
    /// What belongs to both servers together.
    pub const PAIR: &str = "pair";
}
