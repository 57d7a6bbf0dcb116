import { text } from 'node:stream/consumers';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ourAccess } from '../../local/embedded/access.ts';
import { localPublisher } from './local-publisher.ts';

const member = ([key, value]: [string, string]) =>
  `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
const described = (name: string, outputs: Record<string, string>) =>
  `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
<StackName>${name}</StackName><CreationTime>2026-11-01T00:00:00Z</CreationTime><StackStatus>UPDATE_COMPLETE</StackStatus>
<Outputs>${Object.entries(outputs).map(member).join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

const refusal = (code: string, message: string) =>
  `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

/** CloudFormation on 127.0.0.1 with these stacks, by name; `denied` refuses every request. */
export const fakeCloudFormation = async (
  stacks: Record<string, Record<string, string>>,
  { denied = false } = {},
) => {
  const server = await localPublisher(async (request, response) => {
    const name = new URLSearchParams(await text(request)).get('StackName') ?? '';
    const outputs = stacks[name];
    response.setHeader('content-type', 'text/xml');
    if (denied) return response.writeHead(403).end(refusal('AccessDenied', 'not authorized'));
    if (outputs) return response.writeHead(200).end(described(name, outputs));
    return response.writeHead(400).end(refusal('ValidationError', `Stack with id ${name} does not exist`));
  });
  return {
    client: () => new CloudFormationClient({ endpoint: server.origin, ...ourAccess() }),
    close: () => server[Symbol.asyncDispose](),
  };
};
