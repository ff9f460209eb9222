package import Custody
package import Reporting

/// How a folder is worked off.
package struct SourceSettings: Sendable, Hashable {
    /// How a document is made ours before it is read.
    package enum Claim: Sendable, Hashable {
        /// Renamed into `.work/` of the inbox.
        case rename
        /// For shares that refuse that: copied into `.work/` of a folder of ours, and removed from the share when it is in
        /// custody. `done/` and `failed/` are of that folder; after a crash a document may lie there twice.
        case copy(into: String)
        /// For shares that nothing may be changed on: copied too, and never removed. What was taken is kept in memory by
        /// name, size, time and number; after a restart all of it is read again and found to be in the store already.
        case readOnly(into: String)
    }

    /// What becomes of a document that is done with.
    package enum Done: Sendable, Hashable { case kept, removed }

    /// The mapping to use; `nil` to recognise each document by content.
    package var mapping: String?
    /// How long a file must not have changed, in milliseconds by a clock that no one sets, and over two polls at least.
    /// 0 takes it at sight.
    package var settle: Int64 = 10_000
    /// The ending of marker files, such as `.done`: a file is taken only when one of its name and this ending is there.
    package var marker: String?
    package var claim = Claim.rename
    package var done = Done.kept
    /// Bytes; a larger document is refused from its size, before it is read.
    package var largest = 20 << 20
    /// What is handed over together at most: documents, and bytes unless one alone has more.
    package var batchDocuments = 64
    package var batchBytes = 32 << 20
    /// How many names are held at a time.
    package var slice = 4096
    /// After so many documents a round ends and says that there is more.
    package var documentsPerRound = 1024
    /// How long a file may wait for what it lacks before that is reported, in milliseconds.
    package var patience: Int64 = 600_000
    /// How long a file that failed is left alone, in milliseconds.
    package var retryAfter: Int64 = 30_000

    package init() {}
}

/// What a source did in one round.
package struct RoundSummary: Sendable {
    /// What became of one document. Its name may hold identifiers: never logged.
    package struct End: Sendable {
        package var name: String
        /// Where it is now; `nil` when it is kept nowhere but in the store.
        package var place: String?
        /// `nil` when it was refused from its size and is in the folder `failed/` alone.
        package var disposition: Disposition?
    }

    package var ends: [End] = []
    /// Bytes taken.
    package var bytes = 0
    /// Files that were seen and wait: not settled, without their marker, not to be read.
    package var waiting = 0
    /// Whether there is more to do at once.
    package var isMore = false
    /// Why the store took nothing: all stays with the source, and is tried again later.
    package var storeFailure: CustodyError?
    /// What somebody should know about files that wait; each is told once while it lasts.
    package var findings: [Finding] = []

    package init() {}
}
