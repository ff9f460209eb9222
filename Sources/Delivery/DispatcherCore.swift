internal import Custody

/// The bookkeeping of a dispatcher: what is in the air, what came of it, and what may be handed over next.
///
/// One step takes in what has happened and gives out what is to be done; it does nothing itself but read the store.
struct DispatcherCore {
    /// Deliveries to be handed over together, under a number that their answer must name.
    struct Parcel {
        let number: Int
        let deliveries: [DueDelivery]
    }

    struct Step {
        /// To be committed; the answer comes back as ``Mail/committed(_:)``.
        var outcomes: [Attempt] = []
        var parcels: [Parcel] = []
    }

    private struct Handed {
        let flights: [Flight]
        let isProbe: Bool
        let wall: Instant
        let began: Monotonic
        let limit: Monotonic
    }

    var isPaused = false
    var isDraining = false

    private let settings: RouteSettings
    private let concurrency: Int
    private let batch: Int
    private let custody: any Custody
    private let randomness: any Randomness
    private var judge: Judge
    private var figures = DispatcherStatus()

    private var handed: [Int: Handed] = [:]
    private var lastNumber = 0
    /// In the air, or ended and not yet written down.
    private var inFlight: Set<DeliveryID> = []
    /// Deliveries that were probes since the destination was last well, so that one that cannot pass does not stand in the
    /// way of the next.
    private var probed: Set<DeliveryID> = []
    /// Deliveries that are not handed over because somebody is about to cancel them.
    private var heldBack: Set<DeliveryID> = []
    private var outcomes: [Attempt] = []
    private var committing: [Attempt]?
    private var storeFailures = 0
    private var storeRest = Monotonic(milliseconds: 0)

    init(
        _ settings: RouteSettings, concurrency: Int, batch: Int, custody: any Custody, randomness: any Randomness,
        wall: Instant, steady: Monotonic
    ) {
        self.settings = settings
        self.concurrency = max(concurrency, 1)
        self.batch = min(max(batch, 1), self.concurrency)
        self.custody = custody
        self.randomness = randomness
        judge = Judge(settings, wall: wall, steady: steady)
    }

    var isQuiet: Bool { handed.isEmpty && isWrittenDown }

    mutating func step(_ mail: [Mail], wall: Instant, now: Monotonic) -> Step {
        for letter in mail {
            switch letter {
            case .answered(let number, let results, let time): end(number, results, at: time)
            case .committed(let result): conclude(result, at: now)
            }
        }
        giveUpUnanswered(at: now)
        var step = Step()
        step.outcomes = takeOutcomes(at: now)
        step.parcels = parcels(wall: wall, now: now)
        return step
    }

    // MARK: Holding back

    mutating func holdBack(_ delivery: DeliveryID) -> Bool {
        guard !inFlight.contains(delivery) else { return false }
        heldBack.insert(delivery)
        return true
    }

    mutating func letGo(_ delivery: DeliveryID) { heldBack.remove(delivery) }

    // MARK: What came of it

    /// An answer to a parcel that was given up is not looked at: its deliveries may be in the air again.
    private mutating func end(_ number: Int, _ results: [Handover], at now: Monotonic) {
        guard let parcel = handed.removeValue(forKey: number) else { return }
        let missing = Handover.again(cause: DeliveryCause.noAnswer.rawValue, retryAfter: nil, answer: [])
        for (index, flight) in parcel.flights.enumerated() {
            note(index < results.count ? results[index] : missing, flight, parcel, at: now)
        }
        judge.ended(isProbe: parcel.isProbe)
        if judge.gate.condition == .closed { probed.removeAll() }
    }

    private mutating func note(_ handover: Handover, _ flight: Flight, _ parcel: Handed, at now: Monotonic) {
        let (outcome, cause, answer) = judge.judge(
            handover, of: flight, at: now, isProbe: parcel.isProbe, random: (randomness.next(), randomness.next()))
        var attempt = Attempt(
            delivery: flight.id, at: parcel.wall,
            durationMilliseconds: Int(now.milliseconds - parcel.began.milliseconds), outcome: outcome)
        attempt.cause = cause
        attempt.owedSince = flight.since
        attempt.answer = Array(answer.prefix(2048))
        outcomes.append(attempt)
        switch outcome {
        case .delivered: figures.delivered += 1
        case .again: figures.failed += 1
        case .dead: figures.dead += 1
        }
    }

    private mutating func giveUpUnanswered(at now: Monotonic) {
        for number in handed.keys.sorted() where handed[number].map({ $0.limit <= now }) ?? false {
            figures.unanswered += 1
            end(number, [], at: now)
        }
    }

    // MARK: Writing it down

    /// One commit is under way at a time; what ends meanwhile goes with the next.
    private mutating func takeOutcomes(at now: Monotonic) -> [Attempt] {
        guard committing == nil, !outcomes.isEmpty, storeFailures == 0 || storeRest <= now else { return [] }
        committing = outcomes
        outcomes.removeAll()
        return committing ?? []
    }

    /// An outcome that the store refuses is of a delivery that waits no longer, so it is let go as well.
    private mutating func conclude(_ result: Result<Void, CustodyError>, at now: Monotonic) {
        let committed = committing ?? []
        committing = nil
        switch result {
        case .success:
            storeFailures = 0
            for attempt in committed { inFlight.remove(attempt.delivery) }
        case .failure:
            outcomes = committed + outcomes
            rest(at: now)
        }
    }

    /// The store is tried again after 100 ms, then after twice as long each time, at most after 5 s.
    private mutating func rest(at now: Monotonic) {
        storeRest = now + min(100 << Int64(min(storeFailures, 10)), 5_000)
        storeFailures += 1
    }

    // MARK: What is next

    private var free: Int { concurrency - inFlight.count }

    private func mayHand(at now: Monotonic) -> Bool {
        !isPaused && !isDraining && free >= batch
            && (storeFailures == 0 || (isWrittenDown && storeRest <= now))
    }

    private var isWrittenDown: Bool { outcomes.isEmpty && committing == nil }

    private mutating func parcels(wall: Instant, now: Monotonic) -> [Parcel] {
        guard mayHand(at: now) else { return [] }
        switch judge.gate.allowance(at: now) {
        case .none: return []
        case .probe: return probe(at: now).map { [pack([$0], isProbe: true, wall: wall, now: now)] } ?? []
        case .handovers(let count):
            let (most, overflow) = count.multipliedReportingOverflow(by: batch)
            let deliveries = due(overflow ? free : min(free, most), at: now)
            return stride(from: 0, to: deliveries.count, by: batch).map { start in
                let part = Array(deliveries[start..<min(start + batch, deliveries.count)])
                return pack(part, isProbe: false, wall: wall, now: now)
            }
        }
    }

    /// One that was tried least says most about the destination, and least about itself.
    private mutating func probe(at now: Monotonic) -> DueDelivery? {
        due(32, at: now).min { $0.attempts < $1.attempts }
    }

    private mutating func due(_ limit: Int, at now: Monotonic) -> [DueDelivery] {
        do {
            var found = try due(limit, at: now, leavingOut: inFlight.union(probed).union(heldBack))
            if found.isEmpty, !probed.isEmpty {
                // Each that waits was a probe: the round begins again.
                probed.removeAll()
                found = try due(limit, at: now, leavingOut: inFlight.union(heldBack))
            }
            storeFailures = 0
            return found
        } catch {
            rest(at: now)
            return []
        }
    }

    private func due(
        _ limit: Int, at now: Monotonic, leavingOut others: Set<DeliveryID>
    ) throws(CustodyError) -> [DueDelivery] {
        try custody.due(settings.name, order: settings.order, at: now, limit: limit, leavingOut: others)
    }

    private mutating func pack(_ deliveries: [DueDelivery], isProbe: Bool, wall: Instant, now: Monotonic) -> Parcel {
        lastNumber += 1
        handed[lastNumber] = Handed(
            flights: deliveries.map { Flight($0) }, isProbe: isProbe, wall: wall, began: now,
            limit: now + settings.handoverLimit)
        for delivery in deliveries { inFlight.insert(delivery.id) }
        judge.began(at: now, isProbe: isProbe)
        if isProbe {
            if probed.count >= 256 { probed.removeAll() }
            for delivery in deliveries { probed.insert(delivery.id) }
        }
        return Parcel(number: lastNumber, deliveries: deliveries)
    }

    // MARK: When next, and what is shown

    func nextWake(at now: Monotonic) -> Monotonic? {
        var times = handed.values.map(\.limit)
        if storeFailures > 0, committing == nil, storeRest > now { times.append(storeRest) }
        if mayHand(at: now) {
            switch judge.gate.allowance(at: now) {
            case .none(let until): if let until { times.append(until) }
            case .probe, .handovers:
                // What is due already and was not handed over waits for something in the air.
                if let due = try? custody.nextDue(settings.name, after: now) { times.append(due) }
            }
        }
        return times.min()
    }

    func status(at now: Monotonic) -> DispatcherStatus {
        var status = figures
        status.inFlight = inFlight.count
        status.state = state(at: now)
        return status
    }

    private func state(at now: Monotonic) -> DispatcherState {
        if isDraining { return .draining }
        if storeFailures > 0 { return .storeFailing }
        if isPaused { return .paused }
        switch judge.gate.condition {
        case .stopped(let cause): return .stopped(cause: cause)
        case .failing(let cause): return .backingOff(until: judge.gate.nextTry, cause: cause)
        case .closed: break
        }
        if let held = judge.gate.heldUntil, held > now { return .backingOff(until: held, cause: "retry-after") }
        return inFlight.isEmpty ? .idle : .working
    }
}
