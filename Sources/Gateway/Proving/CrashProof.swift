import Custody
package import DurableFiles
import Glibc
import Referrals
import Reporting
import SourceDocuments

/// Proves that nothing is lost: feeds a gateway of its own with numbered documents, kills it again and again without
/// warning, and counts what comes out. Everything happens in a folder of its own, with invented people.
package struct CrashProof {
    package struct Result: Sendable {
        package var documents = 0
        package var kills = 0
        /// Never came out.
        package var lost = 0
        /// Came out with another's content, or changed.
        package var corrupt = 0
        /// Came out again, the same bytes under the same key. A kill may repeat what was in hand, once.
        package var repeats = 0
        /// Came out again without a kill between.
        package var unprovoked = 0
        /// Repeats that were not the same bytes.
        package var differing = 0
        /// Left in the inbox or in work at the end.
        package var stuck = 0
        package var isAuditWhole = false
        /// The longest time from a start to the first document taken, in milliseconds.
        package var slowestStart: Int64 = 0

        package var isProof: Bool {
            lost == 0 && corrupt == 0 && differing == 0 && stuck == 0 && unprovoked == 0 && isAuditWhole
        }
    }

    private let folder: String
    private let program: String
    private let kills: Int
    private var result = Result()
    private var random: SplitMix
    private var next = 0
    /// What was taken out of the queue, by name.
    private var taken: [String: (bytes: [UInt8], kills: Int)] = [:]
    /// What lay in the queue when a kill had come: it came out before that kill, whenever the reader takes it.
    private var left: Set<String> = []
    /// Numbers that came out, with how many names they came under.
    private var seen: [Int: Set<String>] = [:]

    /// - Parameters:
    ///   - folder: Empty, or not there.
    ///   - program: The gateway to prove.
    package init(folder: String, program: String, kills: Int, seed: UInt64) {
        self.folder = folder
        self.program = program
        self.kills = kills
        random = SplitMix(state: seed)
    }

    private var inbox: String { Files.join(folder, "inbox") }
    private var ready: String { Files.join(folder, "queue/ready") }
    private var configuration: String { Files.join(folder, "linkway.yaml") }

    // MARK: The proof

    package mutating func run(progress: (String) -> Void) throws(FileError) -> Result {
        try prepare()
        for kill in 1...max(1, kills) {
            let process = try start()
            try feedAndTake(milliseconds: Int64(random.next() % 400))
            Glibc.kill(process, SIGKILL)
            waitFor(process)
            if Files.isFolder(ready) { left = Set(try Files.list(ready)) }
            result.kills = kill
            if kill.isMultiple(of: max(1, kills / 10)) {
                progress("\(kill) kills, \(next) documents in, \(seen.count) out, \(result.repeats) repeated")
            }
        }
        try settle()
        try reconcile()
        return result
    }

    /// Feeds documents and takes from the queue for a while.
    private mutating func feedAndTake(milliseconds: Int64) throws(FileError) {
        let end = Self.now() + milliseconds
        repeat {
            for _ in 0..<Int(random.next() % 8) { try drop() }
            try take()
            usleep(5_000)
        } while Self.now() < end
    }

    /// Lets a last gateway work off what is left, and ends it as an operator would.
    private mutating func settle() throws(FileError) {
        let process = try start()
        let end = Self.now() + 60_000
        while Self.now() < end {
            try take()
            if seen.count == next, try Files.list(inbox).filter({ $0.hasSuffix(".json") }).isEmpty { break }
            usleep(50_000)
        }
        kill(process, SIGTERM)
        waitFor(process)
        try take()
    }

    private mutating func reconcile() throws(FileError) {
        result.documents = next
        result.lost = (0..<next).count { seen[$0] == nil }
        result.corrupt += seen.values.count { $0.count > 1 }
        let work = Files.join(inbox, ".work")
        result.stuck = try Files.list(inbox).count { $0.hasSuffix(".json") } + Files.list(work).count
        result.isAuditWhole = spawnAndWait(["audit", "verify", "--config", configuration, "--quiet"]) == 0
    }

    // MARK: Documents

    /// A number whose check digit is right, from the range for tests.
    private static func nhsNumber(_ number: Int) -> String? {
        var digits = [9, 9, 9] + String(number % 1_000_000 + 1_000_000).dropFirst().compactMap(\.wholeNumberValue)
        let sum = digits.enumerated().reduce(0) { $0 + $1.element * (10 - $1.offset) }
        let check = (11 - sum % 11) % 11
        guard check != 10 else { return nil }
        digits.append(check)
        return digits.map { String($0) }.joined()
    }

    /// Writes the next document under a hidden name, then gives it its name, as a good sender does.
    private mutating func drop() throws(FileError) {
        let number = next
        let nhs = Self.nhsNumber(number)
        let text = """
            {"proof":1,"id":"proof-\(number)","nhs":\(nhs.map { "\"\($0)\"" } ?? "null"),"family":"Proof\(number)",
             "born":"1970-01-01","sent":"2026-03-02T09:14:00+00:00","text":"document number \(number)"}
            """
        let hidden = Files.join(inbox, ".\(number)")
        try Files.create(hidden, Array(text.utf8))
        _ = try Files.move(hidden, to: Files.join(inbox, "\(number).json"))
        next += 1
    }

    /// Takes everything that is ready, as a reader of the queue does, and looks at it.
    private mutating func take() throws(FileError) {
        guard Files.isFolder(ready) else { return }
        for name in try Files.list(ready) {
            let path = Files.join(ready, name)
            let bytes = try Files.read(path)
            try Files.remove(path)
            let epoch = left.remove(name) == nil ? result.kills : result.kills - 1
            if let before = taken[name] {
                result.repeats += 1
                if before.bytes != bytes { result.differing += 1 }
                if before.kills == epoch { result.unprovoked += 1 }
                taken[name]?.kills = epoch
                continue
            }
            taken[name] = (bytes, epoch)
            look(at: bytes, named: name)
        }
    }

    private mutating func look(at bytes: [UInt8], named name: String) {
        guard let referral = CanonicalJSON.read(bytes, named: "").0,
            let id = text("source.messageId", referral), let number = Int(id.dropFirst(6)),
            text("person.name.family", referral) == "Proof\(number)",
            text("reason.text", referral) == "document number \(number)",
            text("person.nhsNumber.value", referral) == Self.nhsNumber(number)
        else {
            result.corrupt += 1
            return
        }
        seen[number, default: []].insert(name)
    }

    private func text(_ field: String, _ referral: Referral) -> String? {
        referral.schema.field(field).flatMap { referral.first($0.id) }.map { referral.text($0) }
    }

    // MARK: The gateway

    private func prepare() throws(FileError) {
        try Files.makeFolder(inbox)
        try Files.makeFolder(Files.join(folder, "mappings"))
        try Files.create(Files.join(folder, "mappings/proof.yaml"), Array(Self.mapping.utf8))
        try Files.create(configuration, Array(Self.configurationText.utf8))
    }

    private mutating func start() throws(FileError) -> pid_t {
        let begin = Self.now()
        let process = spawn(["run", "--config", configuration])
        guard process > 0 else { throw FileError("start", program, code: errno) }
        // Ready when it answers; a kill may well come before.
        if random.next() % 5 > 0 {
            while ControlSocket.ask("{\"ask\":\"hello\"}", in: Files.join(folder, "state")) == nil,
                Self.now() - begin < 10_000
            {
                usleep(2_000)
            }
            result.slowestStart = max(result.slowestStart, Self.now() - begin)
        }
        return process
    }

    private func spawn(_ arguments: [String]) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let log = Files.join(folder, "gateway.log")
        for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, descriptor, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        var process: pid_t = 0
        let pointers = ([program] + arguments).map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return posix_spawn(&process, program, &actions, nil, pointers + [nil], environ) == 0 ? process : -1
    }

    private func spawnAndWait(_ arguments: [String]) -> Int32 {
        let process = spawn(arguments)
        return process > 0 ? waitFor(process) : -1
    }

    @discardableResult
    private func waitFor(_ process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status
    }

    private static func now() -> Int64 { SystemTime().steady().milliseconds }

    private static let mapping = """
        mapping: proof
        version: 1
        source: { format: json, when: "$.proof" }
        target: referral/1
        map:
          referredAt: { from: "$.sent", as: date-time }
          source: { messageId: { from: "$.id", as: token } }
          person:
            nhsNumber: { from: "$.nhs", as: nhs-number, missing: omit }
            name: { family: { from: "$.family", as: text } }
            birthDate: { from: "$.born", as: date }
          reason: { text: { from: "$.text", as: text } }
        ignore:
          - { path: "$.proof", because: "it marks a document of the crash proof" }
        """

    private static let configurationText = """
        linkway: 1
        state: state
        settle: 0s
        sources: [ { name: proof, folder: inbox, poll: 1s } ]
        routes: [ { name: queue, queue: queue, consent: none-needed, order: none } ]
        """
}

/// A small generator of chance that a seed repeats (Steele, Lea and Flood 2014).
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
