import DurableFiles
import Gateway
import Glibc
import Mappings
import Reporting

/// Looks at one gateway from all sides. What one thing hangs on comes before it, and what cannot be looked at is left out.
struct Doctor {
    private(set) var examination = Examination()

    mutating func examine(_ file: String) {
        guard let configuration = read(file) else { return }
        let rules = rules(configuration)
        for folder in configuration.folders { look(at: folder) }
        lookAtState(configuration.state)
        lookAtRoom(configuration)
        lookAtClock(configuration.state)
        lookAtSecrets(configuration)
        lookAtCertificates(configuration)
        if let rules { DoctorOfStore(rules: rules).look(&examination) }
    }

    // MARK: Configuration and mappings

    private mutating func read(_ file: String) -> Configuration? {
        var findings: [Finding] = []
        let configuration: Configuration?
        do throws(FileError) { configuration = try Configuration.read(file, reporting: &findings) } catch {
            examination.fail("configuration", "\(error)", "name it with --config FILE, or set LINKWAY_CONFIG")
            return nil
        }
        guard let configuration else {
            let mistakes = findings.count { $0.severity == .error }
            examination.fail("configuration", "\(mistakes) mistakes", "linkway check --config \(file)")
            return nil
        }
        let (sources, routes) = (configuration.sources.count, configuration.routes.count)
        let count = "\(sources) source\(sources == 1 ? "" : "s"), \(routes) route\(routes == 1 ? "" : "s")"
        if findings.isEmpty {
            examination.ok("configuration", count)
        } else {
            examination.warn(
                "configuration", "\(count), \(findings.count) warnings", "linkway check --config \(file)")
        }
        return configuration
    }

    private mutating func rules(_ configuration: Configuration) -> Ruleset? {
        var findings: [Finding] = []
        let check = "linkway check --config \(configuration.file)"
        do throws(FileError) {
            let library = try MappingLibrary.load(configuration.mappings)
            guard let rules = try Ruleset.make(configuration, library, reporting: &findings) else {
                examination.fail("mappings", "\(findings.count { $0.severity == .error }) mistakes", check)
                return nil
            }
            let count = library.set.mappings.count
            if count == 0 {
                examination.fail(
                    "mappings", "there are none in \(configuration.mappings)", "name the folder: `mappings:`")
            } else {
                examination.ok("mappings", "\(count), version \(rules.version.prefix(12))")
            }
            return rules
        } catch {
            examination.fail("mappings", "\(error)", "name the folder with `mappings:` in the configuration")
            return nil
        }
    }

    // MARK: Folders

    private mutating func look(at folder: GatewayFolder) {
        guard Files.isThere(folder.path) else {
            if let failure = FolderProof.failureToUseOrMake(folder.path) {
                examination.fail(folder.what, "\(failure)", "make \(folder.path) for the user that runs the gateway")
            } else {
                examination.ok(folder.what, "\(folder.path) is not there yet; it is made at the start")
            }
            return
        }
        guard Files.isFolder(folder.path) else {
            examination.fail(folder.what, "\(folder.path) is no folder", "name a folder")
            return
        }
        let failure = folder.isWritten ? FolderProof.failure(in: folder.path) : Self.failureToList(folder.path)
        if let failure {
            examination.fail(
                folder.what, "\(failure)", "give the folder to the user that runs the gateway, or make room")
        } else if let kind = FileSystemKind.passingName(at: folder.path) {
            examination.warn(
                folder.what, "\(folder.path) is on \(kind)", "it is gone with a restart: use a disk for real referrals")
        } else if let kind = FileSystemKind.sharedName(at: folder.path), folder.what == "state" {
            examination.fail(folder.what, "\(folder.path) is on \(kind)", "put it on a disk of this machine")
        } else if let kind = FileSystemKind.sharedName(at: folder.path) {
            examination.warn(
                folder.what, "\(folder.path) is on \(kind)", "let no other gateway work on it; see docs/operating.md")
        } else {
            examination.ok(folder.what, folder.path + (folder.isWritten ? " takes files" : " can be read"))
        }
    }

    private static func failureToList(_ path: String) -> FileError? {
        do throws(FileError) { _ = try Files.list(path) } catch { return error }
        return nil
    }

    private mutating func lookAtState(_ state: String) {
        var status = stat()
        guard stat(state, &status) == 0 else { return }
        if status.st_uid != geteuid() {
            examination.warn(
                "user", "you are not the owner of \(state)", "run this as the user that runs the gateway: sudo -u USER")
        }
        for name in ["", "linkway.sqlite", "audit.key", "identity.key"] {
            let path = name.isEmpty ? state : Files.join(state, name)
            guard stat(path, &status) == 0, status.st_mode & 0o077 != 0 else { continue }
            examination.fail(
                "permissions", "others than the owner can use \(path)", "chmod \(name.isEmpty ? "700" : "600") \(path)")
        }
    }

    // MARK: Room and time

    private mutating func lookAtRoom(_ configuration: Configuration) {
        var seen: Set<UInt> = []
        for folder in configuration.folders {
            var status = stat()
            var room = statvfs()
            guard stat(folder.path, &status) == 0, seen.insert(UInt(status.st_dev)).inserted,
                statvfs(folder.path, &room) == 0, room.f_blocks > 0
            else { continue }
            let share = Double(room.f_bavail) / Double(room.f_blocks)
            let names = room.f_files == 0 ? 1 : Double(room.f_favail) / Double(room.f_files)
            let megabytes = (Int(room.f_bavail) * Int(room.f_frsize)) >> 20
            let words = "\(megabytes) MB free, \(Int(share * 100)) %, where \(folder.what) is"
            if min(share, names) < 0.05 {
                examination.fail(
                    "room", names < share ? "few names for files left, where \(folder.what) is" : words,
                    "make room; docs/runbook.md, “The disk is full”")
            } else if min(share, names) < 0.1 {
                examination.warn("room", words, "make room before it is full")
            } else {
                examination.ok("room", words)
            }
        }
    }

    /// A clock is not right when it shows a time before this program was made, or before the store was last written to.
    private mutating func lookAtClock(_ state: String) {
        let help = "set the clock and have it kept (chrony, systemd-timesyncd)"
        for (path, what) in [
            ("/proc/self/exe", "this program was made"), (state + "/linkway.sqlite", "the store was written to"),
        ] {
            var status = stat()
            guard stat(path, &status) == 0, status.st_mtim.tv_sec > time(nil) + 5 else { continue }
            examination.fail("clock", "it shows a time before \(what)", help)
            return
        }
        examination.ok("clock", "plausible")
    }

    // MARK: Secrets and certificates

    private mutating func lookAtSecrets(_ configuration: Configuration) {
        var secrets: [(String, Configuration.Secret)] = []
        for source in configuration.sources {
            if case .http(let http) = source.kind, let token = http.token {
                secrets.append(("source \(source.name)", token))
            }
        }
        for route in configuration.routes {
            if case .http(let endpoint) = route.destination, let token = endpoint.token {
                secrets.append(("route \(route.name)", token))
            }
        }
        for (owner, secret) in secrets {
            if case .credential(let name) = secret.place, getenv("CREDENTIALS_DIRECTORY") == nil {
                examination.warn(
                    "secret", "\(name) of \(owner) is handed over by systemd and cannot be seen from here",
                    "after a start, look for errors: journalctl -u linkway")
                continue
            }
            do throws(FileError) {
                _ = try Secrets.read(secret)
                examination.ok("secret", "\(owner) has its secret")
            } catch { examination.fail("secret", "\(owner): \(error)", "only its owner may read it: chmod 600") }
        }
    }

    private mutating func lookAtCertificates(_ configuration: Configuration) {
        #if HTTP
            var files: [String] = []
            if let tls = configuration.http?.tls {
                files += [tls.certificate] + [tls.clientAuthority].compactMap(\.self)
            }
            for route in configuration.routes {
                guard case .http(let endpoint) = route.destination else { continue }
                files += [endpoint.certificate, endpoint.authority].compactMap(\.self)
            }
            for file in files { lookAtCertificate(file) }
        #endif
    }

    mutating func note(certificate state: Examination.State, _ detail: String, _ help: String) {
        switch state {
        case .ok: examination.ok("certificate", detail)
        case .warn: examination.warn("certificate", detail, help)
        case .fail: examination.fail("certificate", detail, help)
        }
    }
}
