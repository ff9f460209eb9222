internal import Digests
internal import DurableFiles

/// Files written and flushed for the bytes of a batch that are too large for the store, by the digest of their bytes.
struct PreparedFiles {
    private var names: [[UInt8]: [String]] = [:]

    init() {}

    /// Writes every part of the operations that is past the limit to a file of its own.
    init(_ operations: [Operation], limit: Int, in folder: StateFolder) throws {
        do {
            for operation in operations {
                for bytes in operation.parts where bytes.count > limit { try write(bytes, in: folder) }
            }
        } catch {
            remove(in: folder)
            throw error
        }
    }

    private mutating func write(_ bytes: [UInt8], in folder: StateFolder) throws {
        let digest = Digest()
        digest.begin()
        digest.add(bytes.span)
        let key = digest.end()
        let hex = hexadecimal(key)
        let place = String(hex.prefix(2))
        let name = "\(place)/\(hex)-\(String(UInt64.random(in: .min ... .max), radix: 16))"
        try Files.makeFolder(folder.payload(place))
        try Files.create(folder.payload(name), bytes)
        names[key, default: []].append(name)
        try Files.sync(folder: folder.payload(place))
    }

    /// The file with bytes of a digest, for the one row that is to name it; `nil` when they go into the store.
    mutating func take(_ digest: [UInt8]) -> String? {
        guard !names.isEmpty else { return nil }
        return names[digest]?.popLast()
    }

    var isEmpty: Bool { names.isEmpty }
    /// All that were not taken.
    var all: [String] { names.values.flatMap { $0 } }

    /// Removes what no row names.
    func remove(in folder: StateFolder) {
        for name in all { try? Files.remove(folder.payload(name)) }
    }
}

extension Operation {
    /// Everything of an operation that is kept as bytes.
    var parts: [[UInt8]] {
        switch self {
        case .accept(let intake): [intake.payload] + intake.decision.parts
        case .reprocess(_, let decision, _): decision.parts
        case .replay(_, _, let body, _, _): body.map { [$0] } ?? []
        case .step(let step): step.act.parts
        default: []
        }
    }

    /// About how many bytes it adds to the store.
    var weight: Int { parts.reduce(256) { $0 + $1.count } }
}

extension PlanStep.Act {
    fileprivate var parts: [[UInt8]] {
        switch self {
        case .perform(let operation): operation.parts
        case .leave: []
        }
    }
}

extension Decision {
    fileprivate var parts: [[UInt8]] {
        [findings]
            + referrals.flatMap { referral in
                [referral.canonical, referral.trace] + referral.deliveries.compactMap(\.body)
            }
    }
}

extension Decision.Delivery {
    fileprivate var body: [UInt8]? {
        switch standing {
        case .send(let body, _): body
        case .withheld: nil
        }
    }
}
