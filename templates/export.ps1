#requires -Version 5.1
<#
.SYNOPSIS
    Runs the collector on one server and brings its bundle here. Started by syncdrift export.

.DESCRIPTION
    What to do stands in the environment variable SYNCDRIFT_REQUEST: JSON in UTF-8, as base64. No name is ever
    part of a command's text. Credentials are PowerShell's own: the account that runs this (Kerberos, or a key
    of ssh); nothing is asked for.

    server     whose configuration; null is this computer
    user       who signs in over SSH; null leaves it to ssh
    ssh        PowerShell remoting over SSH in place of WinRM
    csexport   also run csexport.exe
    collector  path of collector.ps1
    target     path of the .zip to make here
    problem    path of a text file that says what went wrong
#>
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

function Read-Request {
    $bytes = [Convert]::FromBase64String($env:SYNCDRIFT_REQUEST)
    ConvertFrom-Json -InputObject ([Text.Encoding]::UTF8.GetString($bytes))
}

function Connect-Server {
    # A session; over SSH one that never asks for a password, where this PowerShell can say so.
    param($Request)
    if (-not $Request.ssh) { return New-PSSession -ComputerName $Request.server }
    $known = (Get-Command -Name New-PSSession).Parameters
    if (-not $known.ContainsKey('HostName')) { throw 'this PowerShell has no remoting over SSH; install PowerShell 7' }
    $arguments = @{ HostName = $Request.server }
    if ($Request.user) { $arguments['UserName'] = $Request.user }
    if ($known.ContainsKey('Options')) { $arguments['Options'] = @{ BatchMode = 'yes' } }
    New-PSSession @arguments
}

# These blocks run on the server.

$makeFolder = {
    $folder = Join-Path ([IO.Path]::GetTempPath()) ('syncdrift-' + [guid]::NewGuid().ToString('N'))
    [void] [IO.Directory]::CreateDirectory($folder)
    $folder
}

$collectOverWinRM = {
    # The session is Windows PowerShell: the text of the collector runs in it, whatever the execution policy for files.
    param([string] $Text, [string] $Zip, [bool] $CsExport)
    [void] (& ([scriptblock]::Create($Text)) -OutputPath $Zip -IncludeCsExport:$CsExport)
}

$collectOverSsh = {
    # The session is PowerShell 7, which cannot load the ADSync module: Windows PowerShell runs the file.
    param([string] $Script, [string] $Zip, [bool] $CsExport)
    $powershell = Join-Path $env:windir 'System32\WindowsPowerShell\v1.0\powershell.exe'
    $arguments = @('-NoProfile', '-NonInteractive', '-File', $Script, '-OutputPath', $Zip)
    if ($CsExport) { $arguments += '-IncludeCsExport' }
    $ErrorActionPreference = 'Continue'
    $said = & $powershell @arguments 2>&1 | Out-String
    if (-not [IO.File]::Exists($Zip)) { throw "the collector brought nothing (exit code $LASTEXITCODE): $said" }
}

$removeFolder = {
    param([string] $Folder)
    if ([IO.Directory]::Exists($Folder)) { [IO.Directory]::Delete($Folder, $true) }
}

function Invoke-Remote {
    # Collects into a folder of its own on the server, copies the archive, and removes the folder whatever happened.
    param($Request)
    $session = Connect-Server $Request
    try {
        $folder = Invoke-Command -Session $session -ScriptBlock $makeFolder
        try {
            $zip = "$folder\bundle.zip"
            if ($Request.ssh) {
                Copy-Item -LiteralPath $Request.collector -Destination "$folder\collector.ps1" -ToSession $session
                $arguments = "$folder\collector.ps1", $zip, [bool] $Request.csexport
                Invoke-Command -Session $session -ScriptBlock $collectOverSsh -ArgumentList $arguments
            } else {
                $arguments = [IO.File]::ReadAllText($Request.collector), $zip, [bool] $Request.csexport
                Invoke-Command -Session $session -ScriptBlock $collectOverWinRM -ArgumentList $arguments
            }
            Copy-Item -LiteralPath $zip -Destination $Request.target -FromSession $session
        } finally {
            # A session that has died must not hide why.
            try { Invoke-Command -Session $session -ScriptBlock $removeFolder -ArgumentList $folder } catch { Write-Verbose "$folder stays" }
        }
    } finally {
        Remove-PSSession -Session $session -ErrorAction SilentlyContinue
    }
}

function Invoke-Local {
    # The collector says why when it brings nothing.
    param($Request)
    $collector = $Request.collector
    & $collector -OutputPath $Request.target -IncludeCsExport:([bool] $Request.csexport)
    if (-not [IO.File]::Exists($Request.target)) { throw "the collector brought nothing (exit code $LASTEXITCODE)" }
}

if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    Write-Error -ErrorAction Continue 'PowerShell is restricted on this computer; collect by hand (syncdrift export --print-script)'
    exit 1
}
$request = Read-Request
try {
    if ($request.server) { Invoke-Remote $request } else { Invoke-Local $request }
} catch {
    [IO.File]::WriteAllText($request.problem, $_.Exception.Message, [Text.UTF8Encoding]::new($false))
    exit 1
}
exit 0
