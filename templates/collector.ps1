#requires -Version 5.1
<#
.SYNOPSIS
    Collects the configuration of a Microsoft Entra Connect Sync server for syncdrift. Read-only.

.DESCRIPTION
    Runs Get-ADSyncServerConfiguration and reads what that export lacks: scheduler, run history, statistics,
    builds, services, accounts, certificates (dates only), TLS, proxy, local groups and events. It makes one
    bundle: a .zip file or a folder, with a manifest that holds the SHA-256 of every file in it.

    It changes no setting of the server, the directory or the tenant, starts no synchronization, asks for no
    credentials and needs no module besides ADSync. It opens no connection of its own; the ADSync service asks
    domain controllers and Entra ID for what two of its cmdlets report (reachability, tenant features). All that
    it writes is the bundle and, while it works, a folder beside it whose name ends in .partial.

    Not collected: passwords, keys, tokens, cookies and water-marks. Arguments of scheduled tasks are only hashed,
    and so is the machine identifier; its first 12 characters stand all the same in the name that the product
    gives the connector's account (Sync_<computer>_<12 characters>). The files of Get-ADSyncServerConfiguration
    are kept as they are, but for cookies and water-marks, which are emptied. The bundle still describes a Tier-0
    system, so only administrators, the system, who runs this and the service's own account may read it.

    An item that cannot be read is recorded as denied, absent or error, and the rest goes on.

    Exit codes: 0 all was read; 3 parts are missing (the bundle is there and says which); 2 there is no bundle.

.PARAMETER OutputPath
    The bundle to make: a name that ends in .zip, or a folder. It must not exist yet. Default: <computer>.zip here.

.PARAMETER IncludeCsExport
    Also runs csexport.exe for every connector: pending exports, export errors and import errors. These files
    hold names and attributes of users and can be large.

.PARAMETER NoEvents
    Leaves the event log out.

.EXAMPLE
    powershell.exe -NoProfile -NonInteractive -File .\collector.ps1 -OutputPath C:\export\SYNC01.zip

.NOTES
    Run it in 64-bit Windows PowerShell 5.1 as a local administrator or a member of ADSyncAdmins.
    The format of the bundle: templates/collector.md of syncdrift.
#>
[CmdletBinding()]
param(
    [string] $OutputPath,
    [switch] $IncludeCsExport,
    [switch] $NoEvents
)

# A session that this runs in may be strict; the objects of several builds have not the same properties.
Set-StrictMode -Off
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$CollectorVersion = '1.0.0'
$NotCollected = '(not collected)'

# ---------------------------------------------------------------------------------------------------------
# Values as JSON. ConvertTo-Json of 5.1 writes dates as /Date(ms)/, enums as numbers, and wraps some arrays.
# ---------------------------------------------------------------------------------------------------------

function ConvertTo-UtcText {
    # A time as ISO 8601 in UTC. ADSync gives UTC where a time does not say what it is.
    param([datetime] $Time)
    if ($Time.Kind -eq [DateTimeKind]::Local) { $Time = $Time.ToUniversalTime() }
    $Time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", [Globalization.CultureInfo]::InvariantCulture)
}

function Get-UtcNow {
    ConvertTo-UtcText ([DateTime]::UtcNow)
}

function ConvertTo-JsonString {
    # A text in quotes. All but printable ASCII is escaped, so that no encoding can harm it.
    param([string] $Text)
    $escaped = [regex]::Replace($Text, '[^\x20-\x21\x23-\x5b\x5d-\x7e]', { param($found) '\u{0:x4}' -f [int][char] $found.Value })
    '"' + $escaped + '"'
}

function Test-Number {
    param($Value)
    $Value -is [int] -or $Value -is [long] -or $Value -is [uint32] -or $Value -is [uint64] -or
        $Value -is [int16] -or $Value -is [uint16] -or $Value -is [byte] -or $Value -is [sbyte] -or
        $Value -is [decimal] -or $Value -is [double] -or $Value -is [single]
}

function ConvertTo-JsonNumber {
    # A number as every culture writes it in JSON; what JSON has no number for (NaN) is text.
    param($Value)
    $text = $Value.ToString([Globalization.CultureInfo]::InvariantCulture)
    if ($text -match '^-?[0-9]+(\.[0-9]+)?(E[-+]?[0-9]+)?$') { $text } else { ConvertTo-JsonString $text }
}

function Add-Json {
    # Appends a value as JSON. Dates become UTC, enums text, anything unknown its text; only tables and lists nest.
    param([Text.StringBuilder] $Json, $Value)
    if ($null -eq $Value) {
        [void] $Json.Append('null')
    } elseif ($Value -is [bool]) {
        [void] $Json.Append($(if ($Value) { 'true' } else { 'false' }))
    } elseif ($Value -is [datetime]) {
        [void] $Json.Append((ConvertTo-JsonString (ConvertTo-UtcText $Value)))
    } elseif ($Value -isnot [enum] -and (Test-Number $Value)) {
        [void] $Json.Append((ConvertTo-JsonNumber $Value))
    } elseif ($Value -is [Collections.IDictionary]) {
        Add-JsonTable $Json $Value
    } elseif ($Value -is [Collections.IEnumerable] -and $Value -isnot [string]) {
        Add-JsonList $Json $Value
    } else {
        [void] $Json.Append((ConvertTo-JsonString ([string] $Value)))
    }
}

function Add-JsonTable {
    param([Text.StringBuilder] $Json, [Collections.IDictionary] $Table)
    [void] $Json.Append('{')
    $first = $true
    foreach ($entry in $Table.GetEnumerator()) {
        if (-not $first) { [void] $Json.Append(',') }
        $first = $false
        [void] $Json.Append("`n").Append((ConvertTo-JsonString ([string] $entry.Key))).Append(': ')
        Add-Json $Json $entry.Value
    }
    [void] $Json.Append('}')
}

function Add-JsonList {
    param([Text.StringBuilder] $Json, $List)
    [void] $Json.Append('[')
    $first = $true
    foreach ($element in $List) {
        if (-not $first) { [void] $Json.Append(',') }
        $first = $false
        [void] $Json.Append("`n")
        Add-Json $Json $element
    }
    [void] $Json.Append(']')
}

function Write-Json {
    # Writes a value to a file: UTF-8 without a byte order mark, which Out-File of 5.1 cannot do.
    param([string] $Path, $Value)
    $json = [Text.StringBuilder]::new()
    Add-Json $json $Value
    [void] $json.Append("`n")
    [IO.File]::WriteAllText($Path, $json.ToString(), [Text.UTF8Encoding]::new($false))
}

# ---------------------------------------------------------------------------------------------------------
# What of an object is kept, and what is not
# ---------------------------------------------------------------------------------------------------------

function Test-SecretName {
    # Whether a name is that of a password, key, token or cookie (but not of a setting about one).
    param([string] $Name)
    $Name -match '(password|passphrase|pwd|secret|token|cookie|key|pfx|water-?mark)s?$'
}

function Get-SecretPattern {
    # What credentials look like inside a text. What group 1 holds is kept, the rest of the match is not.
    $word = '(?:(?<!by)pass(?:word|phrase|wd)?|pwd|secret|(?<!publickey)token|(?:api|account|access|private|shared|encryption)[-_]?key)'
    $word += '(?:value|text|string)?[0-9]*'
    $patterns = @(
        # Elements and attributes of XML
        '(\b(?:key|name)\s*=\s*"[^"]*WORD"\s+value\s*=\s*)(?:"[^"]*"|''[^'']*'')'
        '(\bvalue\s*=\s*)(?:"[^"]*"|''[^'']*'')(?=\s+(?:key|name)\s*=\s*"[^"]*WORD")'
        '(<[\w:.-]{0,64}WORD\b[^<>]*>)[^<]+'
        # ConvertTo-SecureString: what it is given, and what is piped to it
        '(\bConvertTo-SecureString\b)(?:"[^"]*"|''[^'']*''|[^|;)\r\n])+'
        '(^|[\s(=])(?:"[^"]*"|''[^'']*''|[^\s"''|]{1,512})(?=\s*\|\s*ConvertTo-SecureString)'
        # Switches: -ClientSecret x, /pass:x, -EncodedCommand x
        '((?<![\w-])[-/][\w-]{0,64}WORD\w{0,64}[\s:=]+)(?!\(not collected)(?:"[^"]*"|''[^'']*''|\S+)'
        '((?<!\S)[-/]e(?:c|n|nc[a-z]*)?[\s:]+"?)[A-Za-z0-9+/]{16,}={0,2}'
        # Password=x, "secret": "x", Pwd={x}
        '(WORD\\?["'']?\s*[=:]\s*\\?)(?!\(not collected)(?:"[^"]*"|''[^'']*''|\{[^}]*\}|[^;"''=\r\n]{1,256}(?=;)|[^\s;]+)'
        # Headers, tokens, signatures of addresses
        '(\b(?:Bearer|Basic)\s+)(?=\S*[0-9=])[\w.~+/=-]{8,}'
        '(^|[^\w])eyJ[\w-]{8,}(?:\.[\w-]+){0,4}'
        '(\bsig=)[^\s&"''<>;]+'
        # https://user:password@host, user:password@proxy:8080
        '(://)(?:[^\s"''<>/?#:@]{1,256}:[^\s"''<>]{1,512}|[^\s"''<>/?#@]{1,512})(?=@)'
        '(^|[\s;="''(,])[^\s"''<>;=(,:@/]{2,256}:(?!//)[^\s"''<>]{1,256}(?=@)'
    )
    foreach ($pattern in $patterns) { [regex]::new($pattern.Replace('WORD', $word), 'IgnoreCase, CultureInvariant') }
}

function Hide-Secret {
    # A text without the credentials inside it.
    param([string] $Text)
    foreach ($pattern in $SecretPatterns) { $Text = $pattern.Replace($Text, "`$1$NotCollected") }
    $Text
}

function Limit-Text {
    param([string] $Text, [int] $Length = 65536)
    if ($Text.Length -le $Length) { return $Text }
    # Half a character is none.
    if ([char]::IsHighSurrogate($Text[$Length - 1])) { $Length-- }
    $Text.Substring(0, $Length) + " (cut: $($Text.Length) characters)"
}

function Get-CertificateField {
    # Whose certificate it is and until when; never the key.
    param([Security.Cryptography.X509Certificates.X509Certificate2] $Certificate)
    [ordered] @{
        Subject       = $Certificate.Subject
        Issuer        = $Certificate.Issuer
        Thumbprint    = $Certificate.Thumbprint
        NotBefore     = $Certificate.NotBefore
        NotAfter      = $Certificate.NotAfter
        HasPrivateKey = $Certificate.HasPrivateKey
        Sha256        = Get-BytesHash $Certificate.RawData
    }
}

function Get-SafeValue {
    # A value of any type as text, number, date, table or list. Bytes and credentials never pass.
    param($Value, [int] $Depth = 3)
    if ($null -eq $Value -or $Value -is [bool] -or $Value -is [datetime] -or $Value -is [enum] -or (Test-Number $Value)) { return $Value }
    if ($Value -is [string]) { return Limit-Text (Hide-Secret $Value) }
    if ($Value -is [Security.SecureString] -or $Value -is [Management.Automation.PSCredential] -or $Value -is [byte[]]) { return $NotCollected }
    if ($Value -is [Security.Cryptography.X509Certificates.X509Certificate2]) { return Get-CertificateField $Value }
    if ($Value -is [valuetype] -or $Value -is [version] -or $Value -is [uri] -or $Depth -le 0 -or
        $Value -is [Security.Principal.SecurityIdentifier]) { return Hide-Secret ([string] $Value) }
    if ($Value -is [Collections.IDictionary]) { return Get-SafeTable $Value ($Depth - 1) }
    if ($Value -is [Collections.IEnumerable]) {
        $list = [Collections.ArrayList]::new()
        foreach ($element in $Value) { [void] $list.Add((Get-SafeValue $element ($Depth - 1))) }
        return , $list
    }
    Get-SafeField $Value ($Depth - 1)
}

function Get-SafeTable {
    param([Collections.IDictionary] $Table, [int] $Depth)
    $fields = [ordered] @{}
    foreach ($entry in $Table.GetEnumerator()) {
        $name = [string] $entry.Key
        $fields[$name] = if (Test-SecretName $name) { $NotCollected } else { Get-SafeValue $entry.Value $Depth }
    }
    $fields
}

function Get-SafeField {
    # All properties of an object, in a table; what is named like a secret is left out.
    param($Object, [int] $Depth = 2)
    $fields = [ordered] @{}
    foreach ($property in $Object.PSObject.Properties) {
        try { $value = $property.Value } catch { $value = '(unreadable)' }
        $secret = (Test-SecretName $property.Name) -and $null -ne $value -and $value -isnot [bool]
        $fields[$property.Name] = if ($secret) { $NotCollected } else { Get-SafeValue $value $Depth }
    }
    $fields
}

function Select-Field {
    # These properties of an object, where it has them.
    param($Object, [string[]] $Name)
    $fields = [ordered] @{}
    foreach ($one in $Name) {
        $property = $Object.PSObject.Properties[$one]
        if ($property) { $fields[$one] = Get-SafeValue $property.Value }
    }
    $fields
}

function Get-BytesHash {
    # SHA-256. This class, unlike SHA256Managed, is allowed where FIPS is enforced.
    param([byte[]] $Bytes)
    $hash = [Security.Cryptography.SHA256CryptoServiceProvider]::new()
    try { $sum = $hash.ComputeHash($Bytes) } finally { $hash.Dispose() }
    [BitConverter]::ToString($sum).Replace('-', '')
}

function Get-TextHash {
    param([string] $Text)
    Get-BytesHash ([Text.Encoding]::UTF8.GetBytes($Text))
}

function Get-FileHashText {
    # Get-FileHash is a script of a module, which is not found where the folders of modules are those of PowerShell 7.
    param([string] $Path)
    $hash = [Security.Cryptography.SHA256CryptoServiceProvider]::new()
    $stream = [IO.File]::OpenRead($Path)
    try { $sum = $hash.ComputeHash($stream) } finally { $stream.Dispose(); $hash.Dispose() }
    [BitConverter]::ToString($sum).Replace('-', '')
}

# ---------------------------------------------------------------------------------------------------------
# Items: one file each, whatever happens
# ---------------------------------------------------------------------------------------------------------

function Get-FailureStatus {
    # denied, absent or error. By type and category, for texts are in the language of the server.
    param([Management.Automation.ErrorRecord] $Failure)
    # A parameter that this build's cmdlet does not have.
    if ($Failure.FullyQualifiedErrorId -like 'NamedParameterNotFound*') { return 'absent' }
    $absent = $false
    for ($cause = $Failure.Exception; $cause; $cause = $cause.InnerException) {
        $name = $cause.GetType().Name
        if ($name -match 'AccessDenied|Unauthorized|SecurityException|Privilege' -or $cause.HResult -eq -2147024891) { return 'denied' }
        if ($name -match '(Command|Item|File|Directory|Drive)NotFound') { $absent = $true }
        # Of ADSI: no such group, by either of two names of the error.
        if ($cause.HResult -in -2147022676, -2147023520) { $absent = $true }
    }
    $category = [string] $Failure.CategoryInfo.Category
    if ($category -in 'PermissionDenied', 'SecurityError') { return 'denied' }
    if ($absent -or $category -eq 'ObjectNotFound') { return 'absent' }
    'error'
}

function Read-Item {
    # Runs one read and keeps what came of it as items/<id>.json; what fails is an answer, too.
    param($Bundle, [string] $Id, [string] $Of, [string] $Command, [scriptblock] $Read, [switch] $Required, [switch] $List)
    $record = [ordered] @{
        id      = $Id
        of      = $(if ($Of) { $Of } else { $null })
        status  = 'ok'
        command = $Command
        started = Get-UtcNow
        ended   = $null
        problem = $null
        data    = $null
    }
    try {
        if ($List) { $record.data = @(& $Read) } else { $record.data = & $Read }
    } catch {
        $record.status = Get-FailureStatus $_
        $record.problem = Limit-Text (Hide-Secret $_.Exception.Message) 2000
    }
    $record.ended = Get-UtcNow
    $Bundle.Counts[$Id] = 1 + [int] $Bundle.Counts[$Id]
    $suffix = if ($Bundle.Counts[$Id] -gt 1) { '-' + $Bundle.Counts[$Id] } else { '' }
    $file = "items/$Id$suffix.json"
    $path = Join-Path $Bundle.Folder $file
    try {
        Write-Json $path $record
    } catch {
        # Data that cannot be written down is an error of this item; a full disk fails again, and ends the run.
        $record.status = 'error'
        $record.problem = Limit-Text $_.Exception.Message 2000
        $record.data = $null
        Write-Json $path $record
    }
    [void] $Bundle.Items.Add([ordered] @{
        id       = $Id
        of       = $record.of
        file     = $file
        status   = $record.status
        required = [bool] $Required
        problem  = $record.problem
    })
}

# ---------------------------------------------------------------------------------------------------------
# Entra Connect Sync
# ---------------------------------------------------------------------------------------------------------

function Clear-Position {
    # Empties cookies and water-marks in an exported connector: positions in a directory, of no use elsewhere.
    param([string] $Path)
    $reader = [IO.StreamReader]::new($Path, $true)
    try { $text = $reader.ReadToEnd(); $encoding = $reader.CurrentEncoding } finally { $reader.Dispose() }
    $pattern = '(<(cookie|water-mark)\b[^>]*>)[^<]+(</\2>)|(<parameter\b[^>]*\bname="[^"]*cookie"[^>]*>)[^<]+(</parameter>)'
    $found = [regex]::Matches($text, $pattern).Count
    if ($found -eq 0) { return 0 }
    $bytes = [IO.File]::ReadAllBytes($Path)
    $marked = $bytes.Length -gt 2 -and (($bytes[0] -eq 0xEF -and $bytes[1] -eq 0xBB) -or $bytes[0] -ge 0xFE)
    if (-not $marked) { $encoding = [Text.UTF8Encoding]::new($false) }
    [IO.File]::WriteAllText($Path, [regex]::Replace($text, $pattern, '$1$3$4$5'), $encoding)
    $found
}

function Export-Configuration {
    # The product's own export, into the folder export of the bundle.
    param([string] $Folder)
    Get-ADSyncServerConfiguration -Path $Folder -ErrorAction Stop | Out-Null
    $files = @(Get-ChildItem -LiteralPath $Folder -Recurse -File)
    $cleared = 0
    foreach ($file in $files) {
        if ($file.Directory.Name -eq 'Connectors') { $cleared += Clear-Position $file.FullName }
    }
    [ordered] @{ Files = $files.Count; Cleared = $cleared }
}

function Get-GlobalSettings {
    $settings = Get-ADSyncGlobalSettings -ErrorAction Stop
    $fields = Select-Field $settings 'Version', 'SqlSchemaVersion', 'InstanceId'
    $parameters = [Collections.ArrayList]::new()
    foreach ($parameter in $settings.Parameters) {
        $value = if (Test-SecretName $parameter.Name) { $NotCollected } else { Get-SafeValue $parameter.Value }
        [void] $parameters.Add([ordered] @{ Name = $parameter.Name; Value = $value })
    }
    $fields['Parameters'] = $parameters
    $fields
}

function Get-ConnectorAccount {
    # Who a connector signs in as; of its connection parameters only these, none of them encrypted.
    param($Connector)
    $account = [ordered] @{}
    foreach ($parameter in $Connector.ConnectivityParameters) {
        if ($parameter.Name -in 'UserName', 'forest-name', 'forest-login-user', 'forest-login-domain') {
            $account[$parameter.Name] = [string] $parameter.Value
        }
    }
    $account
}

function Get-PartitionField {
    param($Partition)
    $fields = Select-Field $Partition 'Identifier', 'Name', 'DN', 'Selected', 'IsDomain', 'PreferredDCs', 'LastModificationTime'
    $scope = $Partition.ConnectorPartitionScope
    if ($scope) { $fields['Scope'] = Select-Field $scope 'ObjectClasses', 'ContainerInclusionList', 'ContainerExclusionList' }
    $fields
}

function Get-ConnectorField {
    param($Connector)
    $names = 'Identifier', 'Name', 'Type', 'Subtype', 'ConnectorTypeName', 'Version', 'InternalVersion', 'CreationTime',
        'LastModificationTime', 'ObjectInclusionList', 'AttributeInclusionList'
    $fields = Select-Field $Connector $names
    $fields['Account'] = Get-ConnectorAccount $Connector
    $partitions = [Collections.ArrayList]::new()
    foreach ($partition in $Connector.Partitions) { [void] $partitions.Add((Get-PartitionField $partition)) }
    $fields['Partitions'] = $partitions
    $profiles = [Collections.ArrayList]::new()
    foreach ($runProfile in $Connector.RunProfiles) { [void] $profiles.Add((Select-Field $runProfile 'Identifier', 'Name')) }
    $fields['RunProfiles'] = $profiles
    $fields
}

function Test-ActiveDirectory {
    param($Connector)
    [string] $Connector.Type -eq 'AD' -or [string] $Connector.ConnectorTypeName -eq 'AD'
}

function Test-Entra {
    # The Entra connector has the same identifier everywhere.
    param($Connector)
    [string] $Connector.Identifier -eq 'b891884f-051e-4a83-95af-2544101c9083'
}

function Get-RunField {
    param($Run)
    $names = 'RunHistoryId', 'ConnectorId', 'ConnectorName', 'RunProfileId', 'RunProfileName', 'RunNumber', 'Username',
        'IsRunComplete', 'Result', 'CurrentStepNumber', 'TotalSteps', 'StartDate', 'EndDate'
    Select-Field $Run $names
}

function Get-ProfileRun {
    # The newest runs of each run profile: among all runs of a busy server the last full one may be too old to be found.
    param($Connector)
    foreach ($runProfile in $Connector.RunProfiles) {
        if ($null -eq $runProfile.Identifier) { throw [IO.FileNotFoundException]::new('run profiles have no identifier in this build') }
        $runs = Get-ADSyncRunProfileResult -ConnectorId $Connector.Identifier -RunProfileId $runProfile.Identifier -NumberRequested 20 -ErrorAction Stop
        foreach ($run in $runs) { Get-RunField $run }
    }
}

function Get-NewestRunStep {
    # Steps of the newest run of each run profile: counters, errors.
    param($Connector)
    $newest = @{}
    foreach ($run in Get-ADSyncRunProfileResult -ConnectorId $Connector.Identifier -NumberRequested 1000 -ErrorAction Stop) {
        $known = $newest[[string] $run.RunProfileName]
        if (-not $known -or $run.StartDate -gt $known.StartDate) { $newest[[string] $run.RunProfileName] = $run }
    }
    foreach ($run in $newest.Values) {
        foreach ($step in Get-ADSyncRunStepResult -RunHistoryId $run.RunHistoryId -ErrorAction Stop) {
            $fields = Get-SafeField $step
            $fields['RunProfileName'] = $run.RunProfileName
            $fields
        }
    }
}

function Get-AutoUpgrade {
    # Builds before -Detail give the state alone.
    try {
        $state = Get-ADSyncAutoUpgrade -Detail -ErrorAction Stop
    } catch [Management.Automation.ParameterBindingException] {
        $state = Get-ADSyncAutoUpgrade -ErrorAction Stop
    }
    if ($state -is [string] -or $state -is [enum]) { return [ordered] @{ AutoUpgradeState = $state } }
    Get-SafeValue $state
}

function Test-Mandatory {
    # Whether a cmdlet must be given a parameter: without it there would be a question, which nobody answers.
    param([string] $Cmdlet, [string] $Parameter)
    $known = (Get-Command -Name $Cmdlet).Parameters
    if (-not $known.ContainsKey($Parameter)) { return $false }
    @($known[$Parameter].ParameterSets.Values | Where-Object { -not $_.IsMandatory }).Count -eq 0
}

function Get-CompanyFeature {
    if (-not (Test-Mandatory 'Get-ADSyncAADCompanyFeature' 'ConnectorName')) {
        return Get-SafeValue (Get-ADSyncAADCompanyFeature -ErrorAction Stop)
    }
    $connector = Get-ADSyncConnector -ErrorAction Stop | Where-Object { Test-Entra $_ }
    Get-SafeValue (Get-ADSyncAADCompanyFeature -ConnectorName $connector.Name -ErrorAction Stop)
}

function Get-EntraCredential {
    # Who the connector to Entra ID signs in as. Not all properties are documented, so of all but these only the names are kept.
    param([string] $Connector)
    if (Test-Mandatory 'Get-ADSyncEntraConnectorCredential' 'ConnectorName') {
        $credential = Get-ADSyncEntraConnectorCredential -ConnectorName $Connector -ErrorAction Stop
    } else {
        $credential = Get-ADSyncEntraConnectorCredential -ErrorAction Stop
    }
    if ($null -eq $credential) { return $null }
    $names = 'ConnectorIdentityType', 'ConnectorName', 'ConnectorId', 'UserName', 'TenantId', 'ApplicationId', 'AppId', 'ClientId',
        'ApplicationManagedBy', 'CertificateManagedBy', 'ManagedBy', 'CertificateId', 'CertificateThumbprint', 'Thumbprint',
        'CertificateSHA256Hash', 'CertificateHash', 'CertificateSubject', 'CertificateNotBefore', 'CertificateNotAfter', 'NotBefore',
        'NotAfter', 'StartDate', 'EndDate', 'ExpirationDate', 'ExpiryDate'
    $fields = Select-Field $credential $names
    $fields['Others'] = @($credential.PSObject.Properties | ForEach-Object { $_.Name } | Where-Object { $_ -notin $names })
    $fields
}

function Get-Thumbprint {
    # What in a table could be the hash of a certificate: SHA-1 or SHA-256, in hexadecimal.
    param([Collections.IDictionary] $Table)
    foreach ($value in $Table.Values) {
        if ("$value" -match '^[0-9A-Fa-f]{40}([0-9A-Fa-f]{24})?$') { "$value" }
    }
}

function Get-RuleAudit {
    # Newer builds; where the identifier is mandatory each rule is asked about.
    if (-not (Test-Mandatory 'Get-ADSyncRuleAudit' 'Identifier')) {
        Get-ADSyncRuleAudit -ErrorAction Stop | ForEach-Object { Get-SafeValue $_ }
        return
    }
    foreach ($rule in Get-ADSyncRule -ErrorAction Stop) {
        Get-ADSyncRuleAudit -Identifier $rule.Identifier -ErrorAction Stop | ForEach-Object { Get-SafeValue $_ }
    }
}

function Read-Synchronization {
    # What the ADSync module says of the server as a whole.
    param($Bundle)
    Read-Item $Bundle 'module' -Command 'Import-Module ADSync' -Required -Read {
        Import-Module -Name ADSync -ErrorAction Stop
        Select-Field (Get-Module -Name ADSync) 'Name', 'Version', 'ModuleBase'
    }
    Read-Item $Bundle 'scheduler' -Command 'Get-ADSyncScheduler' -Required -Read { Get-SafeValue (Get-ADSyncScheduler -ErrorAction Stop) }
    Read-Item $Bundle 'server-configuration' -Command 'Get-ADSyncServerConfiguration -Path export' -Required -Read {
        Export-Configuration (Join-Path $Bundle.Folder 'export')
    }
    Read-Item $Bundle 'global-settings' -Command 'Get-ADSyncGlobalSettings' -Required -Read { Get-GlobalSettings }
    Read-Item $Bundle 'connectors' -Command 'Get-ADSyncConnector' -Required -List -Read {
        Get-ADSyncConnector -ErrorAction Stop | ForEach-Object { Get-ConnectorField $_ }
    }
    Read-Item $Bundle 'rules' -Command 'Get-ADSyncRule' -Required -List -Read {
        $names = 'Identifier', 'Name', 'Direction', 'Precedence', 'Disabled', 'Connector', 'ImmutableTag', 'SourceObjectType',
            'TargetObjectType', 'LinkType', 'EnablePasswordSync', 'IsStandardRule', 'IsLegacyCustomRule'
        Get-ADSyncRule -ErrorAction Stop | ForEach-Object { Select-Field $_ $names }
    }
    Read-Item $Bundle 'rule-audit' -Command 'Get-ADSyncRuleAudit' -List -Read { Get-RuleAudit }
    Read-Item $Bundle 'scheduler-connector-override' -Command 'Get-ADSyncSchedulerConnectorOverride' -List -Read {
        Get-ADSyncSchedulerConnectorOverride -ErrorAction Stop | ForEach-Object { Get-SafeValue $_ }
    }
    Read-Item $Bundle 'run-status' -Command 'Get-ADSyncConnectorRunStatus' -List -Read {
        Get-ADSyncConnectorRunStatus -ErrorAction Stop | ForEach-Object { Get-SafeValue $_ }
    }
    Read-Item $Bundle 'auto-upgrade' -Command 'Get-ADSyncAutoUpgrade -Detail' -Read { Get-AutoUpgrade }
    Read-Item $Bundle 'database' -Command 'Get-ADSyncDatabaseConfiguration' -Read {
        Get-SafeValue (Get-ADSyncDatabaseConfiguration -ErrorAction Stop)
    }
    Read-Item $Bundle 'password-sync-state' -Command 'Get-ADSyncPartitionPasswordSyncState' -List -Read {
        Get-ADSyncPartitionPasswordSyncState -ErrorAction Stop | ForEach-Object { Get-SafeValue $_ }
    }
    Read-Item $Bundle 'company-features' -Command 'Get-ADSyncAADCompanyFeature' -Read { Get-CompanyFeature }
}

function Read-Connector {
    # What is asked of one connector after another.
    param($Bundle, $Connector)
    $name = [string] $Connector.Name
    Read-Item $Bundle 'connector-statistics' -Of $name -Command 'Get-ADSyncConnectorStatistics -ConnectorName' -Read {
        Get-SafeValue (Get-ADSyncConnectorStatistics -ConnectorName $name -ErrorAction Stop)
    }
    Read-Item $Bundle 'run-history' -Of $name -Command 'Get-ADSyncRunProfileResult -ConnectorId -NumberRequested 1000' -List -Read {
        Get-ADSyncRunProfileResult -ConnectorId $Connector.Identifier -NumberRequested 1000 -ErrorAction Stop |
            ForEach-Object { Get-RunField $_ }
    }
    Read-Item $Bundle 'run-history-by-profile' -Of $name -Command 'Get-ADSyncRunProfileResult -RunProfileId -NumberRequested 20' -List -Read {
        Get-ProfileRun $Connector
    }
    Read-Item $Bundle 'run-steps' -Of $name -Command 'Get-ADSyncRunStepResult -RunHistoryId' -List -Read { Get-NewestRunStep $Connector }
    if (Test-ActiveDirectory $Connector) {
        Read-Item $Bundle 'password-sync' -Of $name -Command 'Get-ADSyncAADPasswordSyncConfiguration -SourceConnector' -Read {
            Get-SafeValue (Get-ADSyncAADPasswordSyncConfiguration -SourceConnector $name -ErrorAction Stop)
        }
        Read-Item $Bundle 'domain-reachability' -Of $name -Command 'Get-ADSyncDomainReachabilityStatus -ConnectorName' -List -Read {
            Get-ADSyncDomainReachabilityStatus -ConnectorName $name -ErrorAction Stop | ForEach-Object { Get-SafeValue $_ }
        }
    }
    if (Test-Entra $Connector) {
        Read-Item $Bundle 'password-reset' -Of $name -Command 'Get-ADSyncAADPasswordResetConfiguration -Connector' -Read {
            Get-SafeValue (Get-ADSyncAADPasswordResetConfiguration -Connector $name -ErrorAction Stop)
        }
        Read-Item $Bundle 'connector-credential' -Of $name -Command 'Get-ADSyncEntraConnectorCredential' -Read {
            $credential = Get-EntraCredential $name
            $Bundle.Thumbprints = @(Get-Thumbprint $credential)
            $credential
        }
    }
}

function Read-Policy {
    # The newest settings that the wizard wrote down, as they are: they hold no passwords.
    param($Bundle)
    Read-Item $Bundle 'policy-files' -Command 'ProgramData\AADConnect\*-SynchronizationPolicy-*.json' -List -Read {
        $folder = Join-Path $env:ProgramData 'AADConnect'
        $files = @(Get-ChildItem -LiteralPath $folder -Filter '*-SynchronizationPolicy-*.json' -File | Sort-Object -Property LastWriteTimeUtc -Descending)
        $kinds = @{}
        foreach ($file in $files) {
            $kind = ($file.Name -split '-')[0].ToLowerInvariant()
            if ($kinds[$kind] -or $kind -notin 'applied', 'exported') { continue }
            $kinds[$kind] = $true
            [void] [IO.Directory]::CreateDirectory((Join-Path $Bundle.Folder 'policy'))
            # Bytes alone: of a read-only file the copy could not be removed.
            [IO.File]::WriteAllBytes((Join-Path $Bundle.Folder "policy/$kind.json"), [IO.File]::ReadAllBytes($file.FullName))
            [ordered] @{ Name = $file.Name; Modified = $file.LastWriteTimeUtc; File = "policy/$kind.json" }
        }
    }
}

function Export-ConnectorSpace {
    # csexport.exe only reads the connector space; it prints to its console, which is kept where it fails.
    param($Bundle, [string] $Name, [string] $Filter, [string] $File)
    if ($Name.Contains('"')) { throw 'a name with a quotation mark cannot be given to csexport.exe' }
    $csexport = Join-Path $Bundle.Product 'Bin\csexport.exe'
    if (-not [IO.File]::Exists($csexport)) { throw [IO.FileNotFoundException]::new("$csexport is not there") }
    [void] [IO.Directory]::CreateDirectory((Join-Path $Bundle.Folder 'csexport'))
    $path = Join-Path $Bundle.Folder $File
    $ErrorActionPreference = 'Continue'
    $said = & $csexport $Name $path $Filter 2>&1 | Out-String
    if ($LASTEXITCODE -ne 0 -or -not [IO.File]::Exists($path)) { throw "csexport.exe ended with ${LASTEXITCODE}: $said" }
    [ordered] @{ File = $File; Bytes = [IO.FileInfo]::new($path).Length }
}

function Read-ConnectorSpace {
    param($Bundle, $Connector, [int] $Number)
    $name = [string] $Connector.Name
    Read-Item $Bundle 'csexport-pending-exports' -Of $name -Command 'csexport.exe /f:x' -Read {
        Export-ConnectorSpace $Bundle $name '/f:x' "csexport/$Number-pending-exports.xml"
    }
    Read-Item $Bundle 'csexport-export-errors' -Of $name -Command 'csexport.exe /f:e' -Read {
        Export-ConnectorSpace $Bundle $name '/f:e' "csexport/$Number-export-errors.xml"
    }
    Read-Item $Bundle 'csexport-import-errors' -Of $name -Command 'csexport.exe /f:i' -Read {
        Export-ConnectorSpace $Bundle $name '/f:i' "csexport/$Number-import-errors.xml"
    }
}

# ---------------------------------------------------------------------------------------------------------
# The host
# ---------------------------------------------------------------------------------------------------------

function Read-RegistryKey {
    # Named values of a key; a key that is not there is an error of its own kind.
    param([string] $Path, [string[]] $Name)
    $key = Get-Item -LiteralPath $Path -ErrorAction Stop
    $values = [ordered] @{}
    foreach ($one in $Name) {
        $value = $key.GetValue($one, $null)
        if ($null -ne $value) { $values[$one] = $value }
    }
    $values
}

function Read-RegistryTree {
    # The same for several keys of which any may be missing.
    param([string[]] $Path, [string[]] $Name)
    $keys = [ordered] @{}
    foreach ($one in $Path) {
        $keys[$one] = if (Test-Path -LiteralPath $one) { Read-RegistryKey $one $Name } else { $null }
    }
    $keys
}

function Get-ConnectRegistry {
    # The machine identifier tells two servers apart; its hash does that as well.
    $names = 'WizardPath', 'InstallationPath', 'AuditEventLogging', 'SyncMachineIdentifier'
    $values = Read-RegistryKey 'HKLM:\SOFTWARE\Microsoft\Azure AD Connect' $names
    if ($values['SyncMachineIdentifier']) {
        $identifier = ([string] $values['SyncMachineIdentifier']).Trim().ToLowerInvariant()
        $values['SyncMachineIdentifier'] = 'sha256:' + (Get-TextHash $identifier)
    }
    $values
}

function Get-FileField {
    # A file that a program holds open for itself has no hash, and the others still have theirs.
    param([IO.FileInfo] $File)
    try { $hash = Get-FileHashText $File.FullName } catch { $hash = '(unreadable)' }
    try {
        [ordered] @{
            Path           = $File.FullName
            Bytes          = $File.Length
            FileVersion    = $File.VersionInfo.FileVersion
            ProductVersion = $File.VersionInfo.ProductVersion
            Modified       = $File.LastWriteTimeUtc
            Sha256         = $hash
        }
    } catch {
        [ordered] @{ Path = $File.Name; Problem = $_.Exception.Message }
    }
}

function Get-FolderFile {
    # Files below a folder. What cannot be listed, and what is too much, is an entry with a problem.
    param([string] $Folder)
    $skipped = $null
    $files = @(Get-ChildItem -LiteralPath $Folder -Recurse -File -ErrorAction SilentlyContinue -ErrorVariable skipped)
    $most = 1000
    for ($at = 0; $at -lt $files.Count -and $at -lt $most; $at++) { Get-FileField $files[$at] }
    if ($files.Count -gt $most) { [ordered] @{ Path = $Folder; Problem = "only $most of $($files.Count) files were read" } }
    foreach ($failure in $skipped) { [ordered] @{ Path = $Folder; Problem = [string] $failure } }
}

function Get-ProgramFile {
    # The programs, and what administrators put beside them: extensions, files of connectors.
    param([string] $Product)
    $programs = (Join-Path $env:ProgramFiles 'Microsoft Azure Active Directory Connect\AzureADConnect.exe'),
        (Join-Path $Product 'Bin\miiserver.exe'), (Join-Path $Product 'Bin\csexport.exe')
    $found = [Collections.ArrayList]::new()
    foreach ($path in $programs) {
        if ([IO.File]::Exists($path)) { [void] $found.Add((Get-FileField ([IO.FileInfo]::new($path)))) }
    }
    foreach ($folder in 'Extensions', 'MAData') {
        $path = Join-Path $Product $folder
        if (-not [IO.Directory]::Exists($path)) { continue }
        foreach ($file in Get-FolderFile $path) { [void] $found.Add($file) }
    }
    if ($found.Count -eq 0) { throw [IO.FileNotFoundException]::new('no program file was found') }
    $found
}

function Read-XmlFile {
    param([string] $Path)
    if (-not [IO.File]::Exists($Path)) { throw [IO.FileNotFoundException]::new("$Path is not there") }
    $xml = [Xml.XmlDocument]::new()
    $xml.XmlResolver = $null
    $xml.Load($Path)
    return , $xml
}

function Get-ServiceConfiguration {
    # Of miiserver.exe.config what decides whether the service starts: FIPS and redirected assemblies.
    param([string] $Product)
    $path = Join-Path $Product 'Bin\miiserver.exe.config'
    $xml = Read-XmlFile $path
    $redirects = [Collections.ArrayList]::new()
    foreach ($node in $xml.SelectNodes("//*[local-name()='dependentAssembly']")) {
        $identity = $node.SelectSingleNode("*[local-name()='assemblyIdentity']")
        $redirect = $node.SelectSingleNode("*[local-name()='bindingRedirect']")
        if (-not $identity -or -not $redirect) { continue }
        [void] $redirects.Add([ordered] @{
            Name = $identity.GetAttribute('name'); OldVersion = $redirect.GetAttribute('oldVersion'); NewVersion = $redirect.GetAttribute('newVersion')
        })
    }
    $fips = $xml.SelectSingleNode("//*[local-name()='enforceFIPSPolicy']")
    [ordered] @{
        Sha256            = Get-FileHashText $path
        EnforceFIPSPolicy = $(if ($fips) { $fips.GetAttribute('enabled') } else { $null })
        Redirects         = $redirects
        DefaultProxy      = Get-DefaultProxy $xml
    }
}

function Get-DefaultProxy {
    # Of a .NET configuration only its proxy, without a user's name and password.
    param([Xml.XmlDocument] $Xml)
    $node = $Xml.SelectSingleNode("//*[local-name()='defaultProxy']")
    if ($node) { Hide-Secret $node.OuterXml } else { $null }
}

function Get-WinHttpProxy {
    # WinHttpSettings: size, counter, flags (2 means a proxy), then length and text of the proxy and of its exceptions.
    $path = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings\Connections'
    $bytes = (Get-Item -LiteralPath $path -ErrorAction Stop).GetValue('WinHttpSettings', $null)
    $proxy = $null
    $bypass = $null
    if ($bytes -and $bytes.Length -ge 16 -and ($bytes[8] -band 2)) {
        $length = [BitConverter]::ToInt32($bytes, 12)
        $proxy = Hide-Secret ([Text.Encoding]::ASCII.GetString($bytes, 16, $length))
        if ($bytes.Length -ge 20 + $length) {
            $bypass = [Text.Encoding]::ASCII.GetString($bytes, 20 + $length, [BitConverter]::ToInt32($bytes, 16 + $length))
        }
    }
    [ordered] @{ Direct = -not $proxy; Proxy = $proxy; Bypass = $bypass }
}

function Get-ServiceSid {
    # The account of the service. One of this computer is called .\name there, which Windows does not translate.
    $service = Get-CimInstance -ClassName Win32_Service -Filter "Name='ADSync'"
    if (-not $service) { throw [IO.FileNotFoundException]::new('there is no service ADSync') }
    $name = $service.StartName -replace '^\.\\', "$env:COMPUTERNAME\"
    [Security.Principal.NTAccount]::new($name).Translate([Security.Principal.SecurityIdentifier])
}

function Get-ServiceAccountProxy {
    # The account that synchronizes has Internet settings of its own, loaded while the service runs.
    $sid = (Get-ServiceSid).Value
    $path = "Registry::HKEY_USERS\$sid\Software\Microsoft\Windows\CurrentVersion\Internet Settings"
    $values = Read-RegistryKey $path 'ProxyEnable', 'ProxyServer', 'ProxyOverride', 'AutoConfigURL'
    foreach ($name in @($values.Keys)) { $values[$name] = Get-SafeValue $values[$name] }
    $values
}

function Get-ServiceField {
    # Services of the product and its agents, with the version of their programs.
    foreach ($service in Get-CimInstance -ClassName Win32_Service) {
        if ($service.Name -notmatch '^(ADSync|AzureADConnect|AADConnect|W32Time$)' -and
            $service.DisplayName -notmatch 'Microsoft (Entra|Azure AD)|Azure AD Connect') { continue }
        $fields = Select-Field $service 'Name', 'DisplayName', 'State', 'StartMode', 'DelayedAutoStart', 'StartName', 'ExitCode', 'PathName'
        $path = if ($service.PathName -match '^"([^"]+)"|^(\S+)') { "$($Matches[1])$($Matches[2])" } else { $null }
        $fields['FileVersion'] = if ($path -and [IO.File]::Exists($path)) { [Diagnostics.FileVersionInfo]::GetVersionInfo($path).FileVersion } else { $null }
        $actions = (Get-Item -LiteralPath "HKLM:\SYSTEM\CurrentControlSet\Services\$($service.Name)").GetValue('FailureActions', $null)
        $fields['FailureActions'] = if ($actions) { [BitConverter]::ToString($actions) } else { $null }
        $fields
    }
}

function Get-InstalledProgram {
    $roots = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall', 'HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall'
    foreach ($key in Get-ChildItem -LiteralPath $roots -ErrorAction SilentlyContinue) {
        $name = [string] $key.GetValue('DisplayName', '')
        if ($name -notmatch 'Entra|Azure AD|Azure Active Directory|AAD|ODBC|OLE DB|LocalDB|SQL Server.*Native Client') { continue }
        [ordered] @{ Name = $name; Version = $key.GetValue('DisplayVersion', $null); Publisher = $key.GetValue('Publisher', $null) }
    }
}

function Get-ActionField {
    # What a task runs. Its arguments are where passwords are kept: their hash is enough to compare them.
    param($Action)
    [ordered] @{
        Execute         = Hide-Secret $Action.Execute
        ArgumentsSha256 = $(if ($Action.Arguments) { Get-TextHash $Action.Arguments } else { $null })
    }
}

function Get-SyncTask {
    # Scheduled tasks that run synchronization beside, or in place of, the built-in scheduler.
    foreach ($task in Get-ScheduledTask -ErrorAction Stop) {
        $text = @($task.Actions | ForEach-Object { "$($_.Execute) $($_.Arguments)" }) -join "`n"
        if ($text -notmatch 'ADSync|AADConnect|csexport|miiserver|AzureADConnect|DirSync') { continue }
        [ordered] @{
            Path = $task.TaskPath; Name = $task.TaskName; State = [string] $task.State; User = $task.Principal.UserId
            Actions = @($task.Actions | ForEach-Object { Get-ActionField $_ }); Triggers = @($task.Triggers | ForEach-Object { $_.CimClass.CimClassName })
        }
    }
}

function Get-SyncCertificate {
    # Of the machine's certificates those of the product, by name, and that of the connector's credential, whatever its name.
    param([string[]] $Thumbprint)
    foreach ($certificate in Get-ChildItem -LiteralPath 'Cert:\LocalMachine\My') {
        $fields = Get-CertificateField $certificate
        if ("$($certificate.Subject) $($certificate.FriendlyName)" -match 'Entra|Azure ?AD|AAD|ADSync|AD ?Connect' -or
            $fields.Thumbprint -in $Thumbprint -or $fields.Sha256 -in $Thumbprint) { $fields }
    }
}

function Get-ServiceCertificate {
    # The certificate that the product manages is in the store of the service's account: files of its profile, without keys.
    $list = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList'
    $values = Read-RegistryKey "$list\$((Get-ServiceSid).Value)" 'ProfileImagePath'
    $folder = Join-Path $values['ProfileImagePath'] 'AppData\Roaming\Microsoft\SystemCertificates\My\Certificates'
    foreach ($file in Get-ChildItem -LiteralPath $folder -File -Force -ErrorAction Stop) {
        try {
            Get-CertificateField ([Security.Cryptography.X509Certificates.X509Certificate2]::new([IO.File]::ReadAllBytes($file.FullName)))
        } catch {
            [ordered] @{ Thumbprint = $file.Name; Problem = $_.Exception.Message }
        }
    }
}

function Get-SyncEvent {
    # Events of the product of the last 14 days, newest first.
    param([string] $Ids, [int] $Most, [switch] $NoMessage)
    $query = "*[System[($Ids) and TimeCreated[timediff(@SystemTime) <= 1209600000]]]"
    try {
        $events = Get-WinEvent -LogName Application -FilterXPath $query -MaxEvents $Most -ErrorAction Stop
    } catch {
        if ($_.FullyQualifiedErrorId -like 'NoMatchingEventsFound*') { return }
        throw
    }
    foreach ($entry in $events) {
        if ($entry.ProviderName -notmatch 'Directory Synchronization|ADSync|Azure ?AD|AAD|Entra') { continue }
        [ordered] @{
            Time = $entry.TimeCreated; Id = $entry.Id; Level = $entry.Level; Provider = $entry.ProviderName
            Message = $(if ($NoMessage) { $null } else { Limit-Text (Hide-Secret ([string] $entry.Message)) 2000 })
        }
    }
}

function Read-Program {
    # Builds, files, registry, services.
    param($Bundle)
    Read-Item $Bundle 'program-files' -Command 'SHA-256, VersionInfo' -List -Read { Get-ProgramFile $Bundle.Product }
    Read-Item $Bundle 'service-configuration' -Command 'miiserver.exe.config' -Read { Get-ServiceConfiguration $Bundle.Product }
    Read-Item $Bundle 'connect-registry' -Command 'HKLM\SOFTWARE\Microsoft\Azure AD Connect' -Read { Get-ConnectRegistry }
    Read-Item $Bundle 'service-registry' -Command 'HKLM\SYSTEM\CurrentControlSet\Services\ADSync\Parameters' -Read {
        Read-RegistryKey 'HKLM:\SYSTEM\CurrentControlSet\Services\ADSync\Parameters' 'Server', 'SQLInstance', 'DBName', 'Path'
    }
    Read-Item $Bundle 'services' -Command 'Win32_Service' -List -Read { Get-ServiceField }
    Read-Item $Bundle 'installed-programs' -Command 'HKLM\...\Uninstall' -List -Read { Get-InstalledProgram }
    Read-Item $Bundle 'wizard' -Command 'Get-Process AzureADConnect' -Read {
        [ordered] @{ Running = @(Get-Process | Where-Object { $_.ProcessName -eq 'AzureADConnect' }).Count -gt 0 }
    }
    Read-Item $Bundle 'certificates' -Command 'Cert:\LocalMachine\My' -List -Read { Get-SyncCertificate $Bundle.Thumbprints }
    Read-Item $Bundle 'service-certificates' -Command '<profile of ADSync>\...\SystemCertificates\My\Certificates' -List -Read { Get-ServiceCertificate }
    Read-Item $Bundle 'scheduled-tasks' -Command 'Get-ScheduledTask' -List -Read { Get-SyncTask }
}

function Read-System {
    # Windows itself.
    param($Bundle)
    Read-Item $Bundle 'operating-system' -Command 'Win32_OperatingSystem' -Read {
        $fields = Select-Field (Get-CimInstance -ClassName Win32_OperatingSystem) 'Caption', 'Version', 'BuildNumber', 'ProductType', 'OSLanguage', 'LastBootUpTime'
        $fields['UBR'] = (Get-Item -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion').GetValue('UBR', $null)
        $fields
    }
    Read-Item $Bundle 'hotfixes' -Command 'Win32_QuickFixEngineering' -List -Read {
        Get-CimInstance -ClassName Win32_QuickFixEngineering | ForEach-Object { [string] $_.HotFixID }
    }
    Read-Item $Bundle 'computer' -Command 'Win32_ComputerSystem' -Read {
        Select-Field (Get-CimInstance -ClassName Win32_ComputerSystem) 'Name', 'Domain', 'PartOfDomain', 'DomainRole', 'TotalPhysicalMemory', 'NumberOfLogicalProcessors'
    }
    Read-Item $Bundle 'disks' -Command 'Win32_LogicalDisk' -List -Read {
        Get-CimInstance -ClassName Win32_LogicalDisk -Filter 'DriveType=3' | ForEach-Object { Select-Field $_ 'DeviceID', 'Size', 'FreeSpace' }
    }
    Read-Item $Bundle 'dotnet' -Command 'HKLM\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full' -Read {
        Read-RegistryKey 'HKLM:\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full' 'Release', 'Version'
    }
    Read-Item $Bundle 'time' -Command 'HKLM\SYSTEM\CurrentControlSet\Services\W32Time\Parameters' -Read {
        $values = Read-RegistryKey 'HKLM:\SYSTEM\CurrentControlSet\Services\W32Time\Parameters' 'Type', 'NtpServer'
        $values['TimeZone'] = [TimeZoneInfo]::Local.Id
        $values
    }
    Read-Item $Bundle 'powershell-policy' -Command 'Get-ExecutionPolicy -List' -Read {
        $policies = [ordered] @{}
        foreach ($policy in Get-ExecutionPolicy -List) { $policies[[string] $policy.Scope] = [string] $policy.ExecutionPolicy }
        $transcription = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\Transcription'
        [ordered] @{ Execution = $policies; Transcription = Read-RegistryTree $transcription 'EnableTranscripting' }
    }
}

function Read-Network {
    # TLS, FIPS and proxies: settings only, nothing is contacted.
    param($Bundle)
    Read-Item $Bundle 'tls' -Command 'HKLM\...\.NETFramework, HKLM\...\SCHANNEL' -Read {
        $protocols = 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols'
        $keys = 'HKLM:\SOFTWARE\Microsoft\.NETFramework\v4.0.30319', 'HKLM:\SOFTWARE\WOW6432Node\Microsoft\.NETFramework\v4.0.30319',
            "$protocols\TLS 1.2\Client", "$protocols\TLS 1.2\Server", "$protocols\TLS 1.3\Client", "$protocols\TLS 1.3\Server"
        Read-RegistryTree $keys 'SchUseStrongCrypto', 'SystemDefaultTlsVersions', 'Enabled', 'DisabledByDefault'
    }
    Read-Item $Bundle 'fips' -Command 'HKLM\SYSTEM\CurrentControlSet\Control\Lsa\FipsAlgorithmPolicy' -Read {
        Read-RegistryKey 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa\FipsAlgorithmPolicy' 'Enabled'
    }
    Read-Item $Bundle 'proxy-machine-config' -Command 'machine.config' -Read {
        $path = Join-Path $env:windir 'Microsoft.NET\Framework64\v4.0.30319\Config\machine.config'
        [ordered] @{ DefaultProxy = Get-DefaultProxy (Read-XmlFile $path) }
    }
    Read-Item $Bundle 'proxy-winhttp' -Command 'WinHttpSettings' -Read { Get-WinHttpProxy }
    Read-Item $Bundle 'proxy-service-account' -Command 'HKEY_USERS\<account of ADSync>\...\Internet Settings' -Read { Get-ServiceAccountProxy }
    Read-Item $Bundle 'proxy-environment' -Command 'environment of the machine' -Read {
        $values = [ordered] @{}
        foreach ($name in 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY') {
            $values[$name] = Get-SafeValue ([Environment]::GetEnvironmentVariable($name, 'Machine'))
        }
        $values
    }
}

function Get-GroupMember {
    # Through ADSI: Get-LocalGroupMember fails as a whole where a member was deleted from its domain.
    param([string] $Group)
    $entry = [adsi] "WinNT://./$Group,group"
    foreach ($member in @($entry.psbase.Invoke('Members'))) {
        $values = @{}
        foreach ($name in 'ADsPath', 'Class', 'objectSid') {
            $values[$name] = $member.GetType().InvokeMember($name, 'GetProperty', $null, $member, $null)
        }
        # WinNT://CONTOSO/name, WinNT://CONTOSO/COMPUTER/name, WinNT://S-1-5-21-...
        $parts = @(([string] $values['ADsPath']).Substring(8) -split '/')
        [ordered] @{
            Name        = $parts[-2..-1] -join '\'
            ObjectClass = [string] $values['Class']
            SID         = [Security.Principal.SecurityIdentifier]::new([byte[]] $values['objectSid'], 0).Value
        }
    }
}

function Read-LocalGroup {
    # Who may administer the server. The last is Administrators, by its identifier in every language.
    param($Bundle)
    foreach ($group in 'ADSyncAdmins', 'ADSyncOperators', 'ADSyncBrowse', 'ADSyncPasswordSet') {
        Read-Item $Bundle 'local-group' -Of $group -Command 'WinNT://./<group>' -List -Read { Get-GroupMember $group }
    }
    Read-Item $Bundle 'local-group' -Of 'Administrators' -Command 'WinNT://./<S-1-5-32-544>' -List -Read {
        $account = [Security.Principal.SecurityIdentifier]::new('S-1-5-32-544').Translate([Security.Principal.NTAccount]).Value
        $own = ($account -split '\\')[-1]
        Get-GroupMember $own
    }
}

function Read-EventLog {
    # Deletion threshold, password hash sync, application identity, audit; events that name persons without their text.
    param($Bundle)
    $ids = 'EventID=116 or (EventID>=601 and EventID<=655) or (EventID>=658 and EventID<=663) or (EventID>=904 and EventID<=906)' +
        ' or (EventID>=1011 and EventID<=1012) or (EventID>=2503 and EventID<=2521)'
    Read-Item $Bundle 'events' -Command 'Get-WinEvent -LogName Application' -List -Read { Get-SyncEvent $ids 5000 }
    Read-Item $Bundle 'events-password-changes' -Command 'Get-WinEvent -LogName Application' -List -Read {
        Get-SyncEvent 'EventID>=656 and EventID<=657' 200 -NoMessage
    }
}

# ---------------------------------------------------------------------------------------------------------
# The bundle
# ---------------------------------------------------------------------------------------------------------

function Get-Reader {
    # Who may read the bundle: administrators, the system, whoever runs this, and the service, which may write the export.
    [Security.Principal.WindowsIdentity]::GetCurrent().User
    [Security.Principal.SecurityIdentifier]::new('S-1-5-18')
    [Security.Principal.SecurityIdentifier]::new('S-1-5-32-544')
    try { Get-ServiceSid } catch { Write-Verbose 'the account of the service ADSync is not known' }
}

function Limit-Access {
    # These readers and nobody else, whoever may read the folder above.
    param([Security.AccessControl.FileSystemSecurity] $Security, [string] $Inheritance)
    $Security.SetAccessRuleProtection($true, $false)
    foreach ($reader in Get-Reader) {
        $Security.AddAccessRule([Security.AccessControl.FileSystemAccessRule]::new($reader, 'FullControl', $Inheritance, 'None', 'Allow'))
    }
}

function Initialize-Folder {
    # Makes the folder to work in.
    param([string] $Path)
    $security = [Security.AccessControl.DirectorySecurity]::new()
    Limit-Access $security 'ContainerInherit, ObjectInherit'
    [void] [IO.Directory]::CreateDirectory($Path, $security)
    foreach ($name in 'items', 'export') { [void] [IO.Directory]::CreateDirectory((Join-Path $Path $name)) }
}

function Protect-File {
    # Rights of its own: those that it inherits are those of another folder once it has moved there.
    param([string] $Path)
    $security = [Security.AccessControl.FileSecurity]::new()
    Limit-Access $security 'None'
    try {
        [IO.File]::SetAccessControl($Path, $security)
    } catch {
        # As on a share or disk that keeps no rights: the bundle is worth more than its protection there.
        Write-Host "whoever may read the folder may read the bundle: $($_.Exception.Message)"
    }
}

function Get-ProductFolder {
    # Where the product is installed, as its service knows it.
    try { $path = (Read-RegistryKey 'HKLM:\SYSTEM\CurrentControlSet\Services\ADSync\Parameters' 'Path')['Path'] } catch { $path = $null }
    if ($path) { return ([string] $path).TrimEnd('\') }
    Join-Path $env:ProgramFiles 'Microsoft Azure AD Sync'
}

function Get-RelativeName {
    # Names of all files of the bundle, with /, in an order that no language changes.
    param([string] $Folder)
    # The item knows its full name as its files do, also where the folder was named by a short name (ADMINI~1).
    $start = (Get-Item -LiteralPath $Folder).FullName.TrimEnd('\', '/').Length + 1
    $names = [string[]] @(Get-ChildItem -LiteralPath $Folder -Recurse -File -Force | ForEach-Object { $_.FullName.Substring($start).Replace('\', '/') })
    [Array]::Sort($names, [StringComparer]::Ordinal)
    $names
}

function Write-Manifest {
    param($Bundle, [string] $Started)
    $files = [Collections.ArrayList]::new()
    foreach ($name in Get-RelativeName $Bundle.Folder) {
        $path = Join-Path $Bundle.Folder $name
        [void] $files.Add([ordered] @{
            path = $name; bytes = [IO.FileInfo]::new($path).Length; sha256 = Get-FileHashText $path
        })
    }
    $identity = [Security.Principal.WindowsIdentity]::GetCurrent()
    Write-Json (Join-Path $Bundle.Folder 'manifest.json') ([ordered] @{
        schema     = 'syncdrift.bundle/1'
        collector  = [ordered] @{ version = $CollectorVersion; sha256 = $Bundle.Script }
        host       = [ordered] @{
            name     = $env:COMPUTERNAME
            user     = $identity.Name
            elevated = [Security.Principal.WindowsPrincipal]::new($identity).IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
        }
        powershell = [string] $PSVersionTable.PSVersion
        culture    = (Get-Culture).Name
        uiCulture  = (Get-UICulture).Name
        timeZone   = [TimeZoneInfo]::Local.Id
        started    = $Started
        ended      = Get-UtcNow
        options    = [ordered] @{ csexport = [bool] $IncludeCsExport; events = -not $NoEvents }
        items      = $Bundle.Items
        files      = $files
    })
}

function Save-Zip {
    # Entries are named one by one: CreateFromDirectory and Compress-Archive of 5.1 write \ into names.
    param([string] $Folder, [string] $Path)
    Add-Type -AssemblyName System.IO.Compression, System.IO.Compression.FileSystem
    $names = Get-RelativeName $Folder
    $zip = [IO.Compression.ZipFile]::Open($Path, 'Create')
    try {
        foreach ($name in $names) {
            [void] [IO.Compression.ZipFileExtensions]::CreateEntryFromFile($zip, (Join-Path $Folder $name), $name, 'Optimal')
        }
    } finally {
        $zip.Dispose()
    }
}

function Read-Server {
    # All items, in an order in which the short ones come first and the scheduler is asked again at the end.
    param($Bundle)
    Read-Synchronization $Bundle
    try { $connectors = @(Get-ADSyncConnector -ErrorAction Stop) } catch { $connectors = @() }
    foreach ($connector in $connectors) { Read-Connector $Bundle $connector }
    Read-Policy $Bundle
    Read-Program $Bundle
    Read-System $Bundle
    Read-Network $Bundle
    Read-LocalGroup $Bundle
    if (-not $NoEvents) { Read-EventLog $Bundle }
    $number = 0
    foreach ($connector in $connectors) {
        $number++
        if ($IncludeCsExport) { Read-ConnectorSpace $Bundle $connector $number }
    }
    Read-Item $Bundle 'scheduler-after' -Command 'Get-ADSyncScheduler' -Required -Read { Get-SafeValue (Get-ADSyncScheduler -ErrorAction Stop) }
}

function Test-Missing {
    # Whether an item is one that somebody has to miss: most cmdlets are absent in some build.
    param($Item)
    $Item.status -in 'denied', 'error' -or ($Item.required -and $Item.status -ne 'ok')
}

function Show-Result {
    param($Bundle, [string] $Target, [string] $Hash)
    foreach ($item in $Bundle.Items) {
        if ($item.status -eq 'ok') { continue }
        Write-Host ('{0,-7} {1} {2}' -f $item.status, $item.id, $item.of)
        if (Test-Missing $item) { Write-Host "        $($item.problem)" }
    }
    $read = @($Bundle.Items | Where-Object { $_.status -eq 'ok' }).Count
    Write-Host "$read of $($Bundle.Items.Count) items were read: $Target"
    Write-Host "SHA-256 of its manifest.json: $Hash"
}

function Test-Host {
    # Why this is not the place to run it, or nothing.
    if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') { return 'PowerShell is restricted here; sign the script and allow its signer' }
    if ($PSVersionTable.PSEdition -eq 'Core') { return 'run it in Windows PowerShell 5.1 (powershell.exe): the ADSync module needs it' }
    if (-not [Environment]::Is64BitProcess) { return 'run it in 64-bit Windows PowerShell: a 32-bit one sees another registry' }
}

function Invoke-Collector {
    # Works in a folder beside the target, so that nothing half-written ever has the target's name. The exit code.
    $name = if ($OutputPath) { $OutputPath } else { "$env:COMPUTERNAME.zip" }
    $target = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($name).TrimEnd('\', '/')
    if (Test-Path -LiteralPath $target) { throw "$target exists; name something new" }
    # A short name: paths of the export below it may not exceed 260 characters.
    $work = "$target.$PID.partial"
    if (Test-Path -LiteralPath $work) { throw "$work exists, left by an earlier run; remove it" }
    $bundle = @{ Folder = $work; Items = [Collections.ArrayList]::new(); Counts = @{}; Product = Get-ProductFolder; Script = $null; Thumbprints = @() }
    if ($PSCommandPath) { $bundle.Script = Get-FileHashText $PSCommandPath }
    $started = Get-UtcNow
    try {
        Initialize-Folder $work
        Read-Server $bundle
        Write-Manifest $bundle $started
        $hash = Get-FileHashText (Join-Path $work 'manifest.json')
        if ($target -like '*.zip') {
            $zip = Join-Path $work 'bundle.zip.partial'
            Save-Zip $work $zip
            Protect-File $zip
            [IO.File]::Move($zip, $target)
        } else {
            [IO.Directory]::Move($work, $target)
        }
    } finally {
        # What cannot be removed takes nothing away from the bundle, or from the reason why there is none.
        try {
            if ([IO.Directory]::Exists($work)) { [IO.Directory]::Delete($work, $true) }
        } catch {
            Write-Host "$work could not be removed: $($_.Exception.Message)"
        }
    }
    Show-Result $bundle $target $hash
    if (@($bundle.Items | Where-Object { Test-Missing $_ }).Count -gt 0) { 3 } else { 0 }
}

$code = 2
$modules = $env:PSModulePath
try {
    $reason = Test-Host
    if ($reason) { throw $reason }
    # Below PowerShell 7 the folders of its modules come first, and this one cannot load those.
    $env:PSModulePath = "$PSHOME\Modules;" + [Environment]::GetEnvironmentVariable('PSModulePath', 'Machine')
    $SecretPatterns = @(Get-SecretPattern)
    $code = Invoke-Collector
} catch {
    # Without a file of its own it runs inside another script, which has to know why.
    if (-not $PSCommandPath) { throw }
    $problem = "collector: $($_.Exception.Message)"
    if ($ExecutionContext.SessionState.LanguageMode -eq 'FullLanguage') {
        [Console]::Error.WriteLine($problem)
    } else {
        # Where PowerShell is restricted, no method can be called.
        Write-Error -ErrorAction Continue $problem
    }
} finally {
    $env:PSModulePath = $modules
}
if ($PSCommandPath) { exit $code }
