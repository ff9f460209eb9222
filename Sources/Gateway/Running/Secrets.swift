import Delivery
package import DurableFiles
import Custody
import Glibc

/// Secrets, read from where the configuration says they lie.
package enum Secrets {
    /// - Throws: When it cannot be read, is empty, or others than its owner may read it.
    package static func read(_ secret: Configuration.Secret) throws(FileError) -> String {
        let path = try path(of: secret)
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & 0o077 != 0, status.st_mode & S_IFMT == S_IFREG,
            case .file = secret.place
        {
            throw FileError("read", path, reason: "others may read it; chmod 600")
        }
        let text = String(decoding: try Files.read(path, limit: 1 << 16), as: UTF8.self)
        let trimmed = text.prefix { $0 != "\n" && $0 != "\r" && $0 != "\r\n" }
        guard !trimmed.isEmpty else { throw FileError("read", path, reason: "it is empty") }
        return String(trimmed)
    }

    private static func path(of secret: Configuration.Secret) throws(FileError) -> String {
        switch secret.place {
        case .file(let path): return path
        case .credential(let name):
            guard let folder = getenv("CREDENTIALS_DIRECTORY") else {
                throw FileError(
                    "find the credential", name, reason: "CREDENTIALS_DIRECTORY is not set; systemd sets it")
            }
            return Files.join(String(cString: folder), name)
        }
    }

    /// A bearer token, read anew for each use, so that it can be changed without a restart.
    static func authorization(_ token: Configuration.Secret?) -> Authorization {
        { refused, completion in
            guard let token else { return completion(.success(nil)) }
            do throws(FileError) { completion(.success("Bearer " + (try read(token)))) } catch {
                completion(.failure(CredentialsMissing()))
            }
        }
    }
}

/// The key that persons' and senders' identifiers are turned into keys with. It stays with the store.
enum IdentityKey {
    /// - Parameter isNew: Whether nothing was keyed yet; a key that is missing later is never made up.
    static func readOrMake(
        in state: String, isNew: Bool, _ randomness: any Randomness
    ) throws(FileError) -> [UInt8] {
        let path = path(in: state)
        if Files.isThere(path) {
            let key = try Files.read(path, limit: 64)
            guard key.count == 32 else { throw FileError("use", path, reason: "it is not 32 bytes") }
            return key
        }
        guard isNew else {
            throw FileError(
                "use", path, code: FileError.notThere,
                reason: "it is missing, and the store knows people by it; bring it back from a backup")
        }
        let words = (0..<4).map { _ in randomness.next() }
        let key = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) } }
        let temporary = path + ".new"
        try Files.remove(temporary)
        try Files.create(temporary, key)
        _ = try Files.rename(temporary, to: path)
        return key
    }

    /// Copies the key into a backup.
    static func copy(from state: String, to folder: String) throws(FileError) {
        try Files.create(path(in: folder), try Files.read(path(in: state), limit: 64))
        try Files.sync(folder: folder)
    }

    private static func path(in folder: String) -> String { Files.join(folder, "identity.key") }
}
