#if HTTP
    internal import NIOCore
    internal import NIOHTTP1
    internal import NIOSSL
    internal import NIOTLS

    /// One connection: takes requests one after another, holds each against the limits, and answers it.
    ///
    /// Lives on one event loop. Every state has a deadline, which a tick looks at: so a connection that makes no
    /// progress ends, whatever it is doing. Before it closes with a part of a request unread, it reads and drops what
    /// comes for a moment, for otherwise the answer could be lost on the way (RFC 9112, 9.6).
    final class ServerConnection: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private enum State {
            case waiting
            case reading(AdmittedRequest)
            /// Answered from the head alone; only the end of the request is awaited.
            case declined(ServiceResponse)
            case answering
            /// The answer goes on until one side leaves; a tick of its own asks for more.
            case streaming(EventStream)
            /// Answered for the last time; what still comes is dropped.
            case ending
        }

        private let service: any Service
        private let settings: ListenerSettings
        private let occupancy: Occupancy
        private let peer: String
        private let observe: @Sendable (ServedRequest) -> Void

        private var state = State.waiting
        private var deadline = NIODeadline.now()
        /// By when the client has to have read the answer being written.
        private var writeDeadline: NIODeadline?
        private var tick: RepeatedTask?
        private var pump: RepeatedTask?
        /// When something was last sent of an answer that goes on.
        private var lastSent = NIODeadline.now()
        private var names: [String] = []
        private var isHandshakeDone = false
        private var isHeadUnderWay = true
        /// Whether a part of a request came since the last reading was complete.
        private var hasRead = false

        // The request in hand.
        private var head: ServiceRequestHead?
        private var began = NIODeadline.now()
        private var body: [UInt8] = []
        private var keepsAlive = true
        private var isRequestComplete = true
        /// Whether the answer is to a head that never came.
        private var isUnsolicited = false
        /// Tells an answer that comes too late from one for the request in hand.
        private var number = 0

        init(
            service: any Service, settings: ListenerSettings, occupancy: Occupancy, peer: String,
            observe: @escaping @Sendable (ServedRequest) -> Void
        ) {
            self.service = service
            self.settings = settings
            self.occupancy = occupancy
            self.peer = peer
            self.observe = observe
        }

        private var limits: ServiceLimits { settings.limits }

        // MARK: - Events

        func handlerAdded(context: ChannelHandlerContext) {
            deadline = .now() + .milliseconds(Int64(limits.headTime))
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let period = limits.tick
            tick = context.eventLoop.scheduleRepeatedTask(initialDelay: period, delay: period) { _ in
                let (connection, context) = bound.value
                connection.lookAtClock(context)
            }
        }

        func handlerRemoved(context: ChannelHandlerContext) { tick?.cancel() }

        func channelInactive(context: ChannelHandlerContext) {
            tick?.cancel()
            endPump()
            state = .ending
            releaseBody()
            context.fireChannelInactive()
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            hasRead = true
            switch Self.unwrapInboundIn(data) {
            case .head(let head): received(head, context)
            case .body(let bytes): received(bytes, context)
            case .end: receivedEnd(context)
            }
        }

        func channelReadComplete(context: ChannelHandlerContext) {
            // Something was read that made no whole part yet: the next head has begun.
            if case .waiting = state, !isHeadUnderWay, !hasRead {
                isHeadUnderWay = true
                deadline = .now() + .milliseconds(Int64(limits.headTime))
            }
            hasRead = false
            context.fireChannelReadComplete()
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            switch event {
            case TLSUserEvent.handshakeCompleted: checkCertificate(context)
            case ChannelEvent.inputClosed: inputClosed(context)
            default: context.fireUserInboundEventTriggered(event)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            // After the last answer, what the parser makes of the rest does not matter; a reset could lose the answer.
            if case .ending = state, error is HTTPParserError || error is ByteToMessageDecoderError { return }
            guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
            if case .waiting = state {
                head = nil
                began = .now()
            }
            isRequestComplete = false
            switch error {
            case .headerOverflow: fail(.headersTooLarge, context)
            case .invalidVersion: fail(.versionUnsupported, context)
            default: fail(.malformed, context)
            }
        }

        // MARK: - A request comes in

        private func received(_ raw: HTTPRequestHead, _ context: ChannelHandlerContext) {
            guard case .waiting = state else { return }
            began = .now()
            number += 1
            isRequestComplete = false
            keepsAlive = raw.isKeepAlive && !raw.headers.contains(name: "upgrade")
            if let fault = RequestFraming.fault(raw, limits) {
                head = fault == .malformed ? nil : ServiceRequestHead(raw, peer, names)
                return fail(fault, context)
            }
            let head = ServiceRequestHead(raw, peer, names)
            self.head = head
            if occupancy.isDraining { return fail(.draining, context) }
            switch service.admit(head) {
            case .answer(let response): decline(response, raw, context)
            case .read(let request): admit(request, raw, context)
            }
        }

        /// Answers from the head alone. A request without a body leaves the connection open.
        private func decline(_ response: ServiceResponse, _ raw: HTTPRequestHead, _ context: ChannelHandlerContext) {
            guard RequestFraming.length(raw) == 0 else { return respond(response.closing(), context) }
            state = .declined(response)
            deadline = .now() + .milliseconds(Int64(limits.bodyTime))
        }

        private func admit(_ request: AdmittedRequest, _ raw: HTTPRequestHead, _ context: ChannelHandlerContext) {
            if let length = RequestFraming.length(raw), length > request.bodyLimit {
                return fail(.bodyTooLarge, context)
            }
            if occupancy.isFull(request.client) { return fail(.tooManyOfClient, context) }
            if raw.headers.contains(name: "expect") {
                let interim = HTTPResponseHead(version: .http1_1, status: .continue)
                context.writeAndFlush(Self.wrapOutboundOut(.head(interim)), promise: nil)
            }
            body.reserveCapacity(min(RequestFraming.length(raw) ?? 0, 64 << 10))
            state = .reading(request)
            deadline = .now() + .milliseconds(Int64(limits.bodyTime))
        }

        private func received(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
            guard case .reading(let request) = state else { return }
            let count = bytes.readableBytes
            guard body.count + count <= request.bodyLimit else { return fail(.bodyTooLarge, context) }
            guard occupancy.take(count) else { return fail(.tooManyInAll, context) }
            body.append(contentsOf: bytes.readableBytesView)
        }

        private func receivedEnd(_ context: ChannelHandlerContext) {
            isRequestComplete = true
            switch state {
            case .reading(let request): answer(request, context)
            case .declined(let response): respond(response, context)
            case .ending: if writeDeadline == nil { context.close(promise: nil) }
            case .waiting, .answering, .streaming: break
            }
        }

        // MARK: - The answer

        private func answer(_ request: AdmittedRequest, _ context: ChannelHandlerContext) {
            guard occupancy.begin(request.client) else { return fail(.tooManyOfClient, context) }
            state = .answering
            // The tick may look up to one period late; the limit is a limit all the same.
            deadline = .now() + .milliseconds(Int64(request.answerTimeout)) - limits.tick
            let bytes = body
            let size = body.count
            body = []
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let eventLoop = context.eventLoop
            let number = number
            Task { [occupancy] in
                let response = await request.answer(bytes)
                occupancy.giveBack(size)
                occupancy.end(request.client)
                eventLoop.execute {
                    let (connection, context) = bound.value
                    guard case .answering = connection.state, connection.number == number else { return }
                    connection.respond(response, bodyBytes: size, context)
                }
            }
        }

        private func fail(_ fault: ServiceFault, _ context: ChannelHandlerContext) {
            respond(service.fault(fault, head: head).closing(), context)
        }

        private func respond(_ response: ServiceResponse, bodyBytes: Int = 0, _ context: ChannelHandlerContext) {
            if case .ending = state { return }
            if let stream = response.stream, !occupancy.isDraining { return begin(stream, response, context) }
            let closes = response.closes || !keepsAlive || !isRequestComplete || occupancy.isDraining
            note(response, bodyBytes)
            releaseBody()
            state = closes ? .ending : .waiting
            isHeadUnderWay = false
            deadline = .now() + .milliseconds(Int64(closes ? limits.writeTime : limits.idleTime))
            writeDeadline = .now() + .milliseconds(Int64(limits.writeTime))
            write(response, closes, context)
        }

        /// Where answers are written. The handler that keeps requests in order takes none that no request was seen for,
        /// so one to half a head goes past it.
        private func outlet(_ context: ChannelHandlerContext) -> ChannelHandlerContext {
            guard isUnsolicited else { return context }
            return (try? context.pipeline.syncOperations.context(handlerType: HTTPServerPipelineHandler.self))
                ?? context
        }

        /// The end of an answer may at once bring in the next request, so all state is set before.
        private func write(_ response: ServiceResponse, _ closes: Bool, _ context: ChannelHandlerContext) {
            var headers = HTTPHeaders(response.headers)
            headers.add(name: "Content-Length", value: String(response.body.count))
            if closes { headers.add(name: "Connection", value: "close") }
            let status = HTTPResponseStatus(statusCode: response.status)
            let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
            let outlet = outlet(context)
            outlet.write(Self.wrapOutboundOut(.head(head)), promise: nil)
            if !response.body.isEmpty, self.head?.method != "HEAD" {
                let bytes = context.channel.allocator.buffer(bytes: response.body)
                outlet.write(Self.wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
            }
            let written = context.eventLoop.makePromise(of: Void.self)
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let number = number
            written.futureResult.whenComplete { _ in
                let (connection, context) = bound.value
                connection.written(number, closes, context)
            }
            outlet.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: written)
        }

        private func written(_ number: Int, _ closes: Bool, _ context: ChannelHandlerContext) {
            guard number == self.number else { return }
            writeDeadline = nil
            guard closes else { return }
            if isRequestComplete { return context.close(promise: nil) }
            deadline = .now() + .seconds(2)
            context.close(mode: .output, promise: nil)
        }

        // MARK: - An answer that goes on

        /// Who an answer that goes on counts against, whoever asked for it.
        private static let onlookers = "onlookers"

        private func begin(_ stream: EventStream, _ response: ServiceResponse, _ context: ChannelHandlerContext) {
            guard occupancy.begin(Self.onlookers) else { return fail(.tooManyOfClient, context) }
            note(response, 0)
            releaseBody()
            state = .streaming(stream)
            var headers = HTTPHeaders(response.headers)
            headers.add(name: "Connection", value: "close")
            let head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: response.status), headers: headers)
            context.writeAndFlush(Self.wrapOutboundOut(.head(head)), promise: nil)
            lastSent = .now()
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let period = TimeAmount.milliseconds(Int64(limits.streamPeriod))
            pump = context.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: period) { _ in
                let (connection, context) = bound.value
                connection.goOn(context)
            }
        }

        /// Sends what there is, and a comment now and then so that both sides see that the other is there. A client that does
        /// not read for as long as it may take to read an answer is let go.
        private func goOn(_ context: ChannelHandlerContext) {
            guard case .streaming(let stream) = state else { return }
            if occupancy.isDraining { return endStream(context) }
            let now = NIODeadline.now()
            guard context.channel.isWritable else {
                if now - lastSent > .milliseconds(Int64(limits.writeTime)) { context.close(promise: nil) }
                return
            }
            var bytes = stream.next()
            if bytes.isEmpty, now - lastSent >= .milliseconds(Int64(limits.heartbeat)) { bytes = Array(":\n\n".utf8) }
            guard !bytes.isEmpty else { return }
            lastSent = now
            let buffer = context.channel.allocator.buffer(bytes: bytes)
            context.writeAndFlush(Self.wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        }

        private func endPump() {
            guard let pump else { return }
            pump.cancel()
            self.pump = nil
            occupancy.end(Self.onlookers)
        }

        private func endStream(_ context: ChannelHandlerContext) {
            endPump()
            state = .ending
            deadline = .now() + .milliseconds(Int64(limits.writeTime))
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.writeAndFlush(Self.wrapOutboundOut(.end(nil))).whenComplete { _ in bound.value.close(promise: nil) }
        }

        private func note(_ response: ServiceResponse, _ bodyBytes: Int) {
            let method = head?.method ?? ""
            observe(
                ServedRequest(
                    method: ["GET", "POST"].contains(method) ? method : "other",
                    template: head.map { service.template(of: $0.path) } ?? "other", status: response.status,
                    seconds: Double((NIODeadline.now() - began).nanoseconds) / 1e9, bodyBytes: bodyBytes))
        }

        /// Gives back the room of a body that is not going to be answered for.
        private func releaseBody() {
            occupancy.giveBack(body.count)
            body = []
        }

        // MARK: - Time, certificates, the other side's end

        private func lookAtClock(_ context: ChannelHandlerContext) {
            let now = NIODeadline.now()
            if let writeDeadline, now >= writeDeadline { return context.close(promise: nil) }
            switch state {
            case .declined: if now >= deadline { fail(.requestTimeout, context) }
            case .reading: if now >= deadline || isTooSlow(now) { fail(.requestTimeout, context) }
            case .answering: if now >= deadline { fail(.answerTimeout, context) }
            case .ending: if now >= deadline { context.close(promise: nil) }
            case .streaming: break
            case .waiting:
                let isIdle = !isHeadUnderWay
                if isIdle, now >= deadline || occupancy.isDraining { return context.close(promise: nil) }
                if now >= deadline { failHead(context) }
            }
        }

        /// A head that did not come in time. Before a byte came, or in the handshake, there is nobody to tell.
        private func failHead(_ context: ChannelHandlerContext) {
            head = nil
            began = .now()
            number += 1
            isRequestComplete = false
            isUnsolicited = true
            if settings.tls != nil, !isHandshakeDone { return context.close(promise: nil) }
            fail(.requestTimeout, context)
        }

        private func isTooSlow(_ now: NIODeadline) -> Bool {
            let elapsed = Int((now - began).nanoseconds / 1_000_000)
            return elapsed > limits.rateGrace && body.count < limits.leastRate * elapsed / 1_000
        }

        private func checkCertificate(_ context: ChannelHandlerContext) {
            isHandshakeDone = true
            guard let tls = settings.tls, tls.clientAuthorities != nil else { return }
            let handler = try? context.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self)
            names = handler?.peerCertificate.map(ServerCertificates.names) ?? []
            let isKnown = tls.clientNames.isEmpty ? !names.isEmpty : !tls.clientNames.isDisjoint(with: names)
            if !isKnown {
                state = .ending
                context.close(promise: nil)
            }
        }

        private func inputClosed(_ context: ChannelHandlerContext) {
            keepsAlive = false
            switch state {
            case .waiting, .streaming: context.close(promise: nil)
            case .ending: if writeDeadline == nil { context.close(promise: nil) }
            case .reading, .declined, .answering: break
            }
        }
    }

    extension ServiceLimits {
        /// How often a connection looks at the clock.
        fileprivate var tick: TimeAmount {
            let least = [headTime, bodyTime, rateGrace, idleTime, writeTime, answerTime, fhirAnswerTime].min() ?? 4_000
            return .milliseconds(Int64(min(1_000, max(20, least / 4))))
        }
    }
#endif
