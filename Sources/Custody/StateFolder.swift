internal import DurableFiles
internal import Glibc
internal import Synchronization

/// The folder everything of the store lies in: this process's alone while this object lives, and closed to others.
///
/// ```
/// linkway.sqlite (-wal -shm)   the store
/// lock                         held with flock; the number of the process that has it
/// audit.key  audit.head        what the audit trail is keyed with, and where it was last known to end
/// payloads/xx/…                bytes too large for the store
/// ```
final class StateFolder: Sendable {
    let path: String
    private let descriptor: Mutex<Int32>

    var store: String { Files.join(path, "linkway.sqlite") }
    var auditKey: String { Files.join(path, "audit.key") }
    var auditHead: String { Files.join(path, "audit.head") }
    var payloads: String { Files.join(path, "payloads") }

    /// - Throws: ``CustodyError/unsafePlace(_:)`` for a file system that promises nothing, ``CustodyError/held(by:)``.
    init(_ path: String, allowUnsafePlace: Bool) throws {
        self.path = path
        umask(0o077)
        try Files.makeFolder(path)
        if !allowUnsafePlace { try Self.requireLocal(path) }
        try Self.close(path)
        descriptor = Mutex(try Self.lock(Files.join(path, "lock")))
        if !Files.isThere(store) {
            try Files.create(store, [])
            try Files.sync(folder: path)
        }
        try Files.makeFolder(payloads)
    }

    deinit { release() }

    /// Lets another process have the folder.
    func release() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { Glibc.close(descriptor) }
            descriptor = -1
        }
    }

    /// Takes away the rights of group and others.
    private static func close(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileError("look at", path, code: errno) }
        guard status.st_mode & 0o777 != 0o700 else { return }
        guard chmod(path, 0o700) == 0 else {
            throw CustodyError.unsafePlace("\(path) is open to others and cannot be closed to them")
        }
    }

    private static func requireLocal(_ path: String) throws {
        if let kind = FileSystemKind.sharedName(at: path) {
            throw CustodyError.unsafePlace("\(path) is on \(kind), which cannot promise that what is written stays")
        }
    }

    private static func lock(_ path: String) throws -> Int32 {
        let descriptor = try Files.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, action: "lock")
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            var bytes = [UInt8](repeating: 0, count: 16)
            let count = pread(descriptor, &bytes, bytes.count, 0)
            Glibc.close(descriptor)
            guard code == EWOULDBLOCK else { throw FileError("lock", path, code: code) }
            throw CustodyError.held(by: Int32(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)))
        }
        let number = Array(String(getpid()).utf8)
        if ftruncate(descriptor, 0) != 0 || pwrite(descriptor, number, number.count, 0) != number.count {
            let code = errno
            Glibc.close(descriptor)
            throw FileError("write", path, code: code)
        }
        return descriptor
    }

    /// The key of the audit trail, made at the first start.
    ///
    /// One that is not a key any more is set aside, and a new one made: the gateway must start, and the verification
    /// says from which line on the old key is missing.
    /// - Returns: The key, and whether it is new.
    func readAuditKey() throws -> (key: [UInt8], isNew: Bool) {
        if Files.isThere(auditKey) {
            let key = try? Files.read(auditKey, limit: 1024)
            if let key, key.count == 32, key.contains(where: { $0 != 0 }) { return (key, false) }
            var number = 1
            while try !Files.rename(auditKey, to: "\(auditKey).damaged-\(number)") { number += 1 }
        }
        var generator = SystemRandomNumberGenerator()
        let key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        try Files.create(auditKey, key)
        try Files.sync(folder: path)
        return (key, true)
    }

    /// Where in the folder a file of bytes lies.
    func payload(_ name: String) -> String { Files.join(payloads, name) }

    /// Removes files that no row of the store names: what a crash left between file and commit.
    func removeOrphans(isNamed: (String) throws -> Bool) throws {
        for folder in try Files.list(payloads) {
            for name in try Files.list(payload(folder)) where try !isNamed("\(folder)/\(name)") {
                try Files.remove(payload("\(folder)/\(name)"))
            }
        }
    }
}
