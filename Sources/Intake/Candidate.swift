import DurableFiles
import Reporting

/// A file that a source wants to take, with what it knows of it.
struct Candidate {
    /// What stands beside a document and is dealt with last.
    enum Companion {
        /// Removed.
        case marker(String)
        /// Moved to where the document goes.
        case control(String)
    }

    var name: String
    /// As it was judged; `nil` for one that was found in `.work/`.
    var status: FileStatus?
    var size: Int
    var companion: Companion?
    var mapping: String?
    var transportID: String?
    var problem: Finding?
    /// Whether gzip is unpacked.
    var mayBePacked = false
    var isSuspect = false
}

/// Candidates that are handed over together.
struct Batch {
    private let settings: SourceSettings
    private var candidates: [Candidate] = []
    private var bytes = 0

    init(_ settings: SourceSettings) { self.settings = settings }

    var count: Int { candidates.count }

    /// Whether one more would be too much.
    func isFull(with candidate: Candidate) -> Bool {
        guard !candidates.isEmpty else { return false }
        return candidates.count >= settings.batchDocuments || bytes + size(candidate) > settings.batchBytes
    }

    mutating func add(_ candidate: Candidate) {
        candidates.append(candidate)
        bytes += size(candidate)
    }

    /// - Returns: What was in it.
    mutating func clear() -> [Candidate] {
        defer {
            candidates.removeAll(keepingCapacity: true)
            bytes = 0
        }
        return candidates
    }

    /// One that is too large is not read.
    private func size(_ candidate: Candidate) -> Int {
        candidate.size > settings.largest ? 0 : candidate.size
    }
}
