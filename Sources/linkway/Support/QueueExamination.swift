import DurableFiles
import Gateway
import Glibc
import Reporting

/// Looks at a queue folder as whoever takes from it would.
struct QueueExamination {
    private var result = Examination()
    private let folder: String

    static func examine(_ folder: String) -> Examination {
        var own = QueueExamination(folder: folder)
        own.lookAtShape()
        own.lookAtTemporary()
        own.lookAtReady()
        return own.result
    }

    private init(folder: String) { self.folder = folder }

    private mutating func lookAtShape() {
        for name in ["tmp", "ready"] {
            let path = Files.join(folder, name)
            guard Files.isFolder(path), !Files.isLink(path) else {
                result.fail("shape", "there is no folder \(name)/", "the gateway makes it at its start")
                continue
            }
            let mode = Self.mode(path)
            if mode & 0o007 != 0 {
                result.fail("shape", "everybody can use \(name)/", "chmod o= \(path)")
            } else {
                result.ok("shape", "\(name)/ is there, and not open to everybody")
            }
        }
    }

    private mutating func lookAtTemporary() {
        let path = Files.join(folder, "tmp")
        guard let names = try? Files.list(path) else { return }
        let old = names.filter { (Files.age(of: Files.join(path, $0)) ?? 0) > 3600 }
        if old.isEmpty {
            result.ok("tmp", names.isEmpty ? "empty" : "\(names.count) being written")
        } else {
            result.warn(
                "tmp", "\(old.count) left there for more than an hour",
                "a crash left them; the gateway removes its own at the next start, and delivers them again")
        }
    }

    private mutating func lookAtReady() {
        let path = Files.join(folder, "ready")
        let names: [String]
        do throws(FileError) { names = try Files.list(path) } catch {
            if Files.isThere(path) { result.fail("ready", "\(error)", "run this as the reader of the queue") }
            return
        }
        var faults: [(String, String, String)] = []
        for name in names {
            if let (what, help) = Self.fault(path, name) { faults.append((name, what, help)) }
        }
        for (name, what, help) in faults.prefix(20) { result.fail("ready", "\(name.printableName): \(what)", help) }
        if faults.count > 20 { result.fail("ready", "and \(faults.count - 20) more", "see above") }
        if faults.isEmpty { result.ok("ready", "\(names.count) files, all sound") }
    }

    /// What is wrong with one file, and what to do.
    private static func fault(_ folder: String, _ name: String) -> (String, String)? {
        let path = Files.join(folder, name)
        guard Files.isRegularFile(path) else { return ("it is no file", "only the gateway writes there; take it away") }
        guard isKey(name) else { return ("no name the gateway gives", "only the gateway writes there; take it away") }
        if mode(path) & 0o007 != 0 { return ("everybody can use it", "chmod o= FILE") }
        let bytes: [UInt8]
        do throws(FileError) { bytes = try Files.read(path) } catch {
            return (error.reason, "run this as the reader of the queue, or look at the disk")
        }
        if bytes.isEmpty { return ("it is empty", "have it sent again: linkway replay") }
        guard name.hasSuffix(".json") else { return nil }
        let isJSON = String(validating: bytes, as: UTF8.self).map { JSONValue(text: $0) != nil } ?? false
        return isJSON ? nil : ("it is not JSON", "somebody changed it; have it sent again: linkway replay")
    }

    /// Letters, digits and hyphens, and an ending for its type.
    private static func isKey(_ name: String) -> Bool {
        guard let dot = name.utf8.lastIndex(of: 0x2E) else { return false }
        let key = name.utf8[..<dot]
        let isPlain = key.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x7A ~= $0 || 0x41...0x5A ~= $0 || $0 == 0x2D }
        return isPlain && !key.isEmpty
            && ["json", "xml", "hl7", "txt", "dat"].contains(name[name.index(after: dot)...])
    }

    private static func mode(_ path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode : 0
    }
}
